import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PeerError, PeerHandlers } from '../src/index.ts';
import { fetchRequest, fetchResponse } from './support/fetches.ts';
import { clientOf, Peers, startServer } from './support/peers.ts';

const heartbeat = (generationId: number) => ({ groupId: 'g', generationId, memberId: 'm' });
/** Answers with the generation as the error code. */
const echo: PeerHandlers = { Heartbeat: ({ generationId }) => ({ throttleTimeMs: 0, errorCode: generationId }) };
const deadlineMs = 10_000;
const outcomeOf = (error: PeerError): string => `${error.outcome}: ${error.failure}`;

describe('a client and a server', () => {
  it('carry several APIs in all of their versions', async () => {
    const records = Buffer.alloc(100_000, 'r');
    await using peers = await Peers.start({
      ...echo,
      Fetch: ({ topics }, { version }) => fetchResponse(topics[0]?.topic ?? '', version, records),
      LeaderAndIsr: (_request, { clientId }) => ({ errorCode: clientId === 'broker-1' ? 0 : -1, topics: [] }),
    });
    for (let version = 0; version <= 4; version++) {
      const response = await peers.client.send('Heartbeat', version, heartbeat(5), { deadlineMs });
      expect(response.errorCode).toBe(5);
    }
    for (let version = 7; version <= 12; version++) {
      const response = await peers.client.send('Fetch', version, fetchRequest('t'), { deadlineMs });
      expect(response.sessionId).toBe(version);
      expect(response.responses[0]?.topic).toBe('t');
      expect(response.responses[0]?.partitions[0]?.records?.equals(records)).toBe(true);
    }
    const leaders = { controllerId: 1, controllerEpoch: 1, liveLeaders: [] };
    const response = await peers.client.send('LeaderAndIsr', 7, leaders, { deadlineMs });
    expect(response.errorCode).toBe(0);
    expect(peers.logged).toEqual([]);
  });

  it('carry 10,000 requests at once, each answered with its own answer', async () => {
    await using peers = await Peers.start(echo);
    const answers = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) => peers.client.send('Heartbeat', 4, heartbeat(index), { deadlineMs })),
    );
    expect(answers.map(({ errorCode }) => errorCode)).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  });

  it('let an answer overtake one that takes longer', async () => {
    const slow = Promise.withResolvers<void>();
    await using peers = await Peers.start({
      Heartbeat: async ({ generationId }) => {
        if (generationId === 1) await slow.promise;
        return { throttleTimeMs: 0, errorCode: generationId };
      },
    });
    const first = peers.client.send('Heartbeat', 4, heartbeat(1), { deadlineMs });
    expect((await peers.client.send('Heartbeat', 4, heartbeat(2), { deadlineMs })).errorCode).toBe(2);
    slow.resolve();
    expect((await first).errorCode).toBe(1);
  });

  it('handle control requests one after the other, while other classes go on', async () => {
    const begun: number[] = [];
    const first = Promise.withResolvers<void>();
    await using peers = await Peers.start({
      ...echo,
      StopReplica: async ({ controllerEpoch }) => {
        begun.push(controllerEpoch);
        if (controllerEpoch === 1) await first.promise;
        return { errorCode: controllerEpoch, partitionErrors: [] };
      },
    });
    const stop = (controllerEpoch: number) =>
      peers.client.send('StopReplica', 3, { controllerId: 1, controllerEpoch, topicStates: [] }, { deadlineMs });
    const answers = [1, 2, 3].map(stop);
    await peers.client.send('Heartbeat', 4, heartbeat(1), { deadlineMs });
    await expect.poll(() => begun).toEqual([1]);
    await peers.client.send('Heartbeat', 4, heartbeat(1), { deadlineMs });
    expect(begun).toEqual([1]);
    first.resolve();
    await Promise.all(answers);
    expect(begun).toEqual([1, 2, 3]);
  });

  it('refuse at once where nobody listens', async () => {
    const server = await startServer(echo);
    await server.close();
    const client = clientOf(server.port);
    const error: PeerError = await client.send('Heartbeat', 4, heartbeat(1), { deadlineMs }).catch((thrown) => thrown);
    expect(outcomeOf(error)).toBe('refused: unreachable');
    await client.close();
  });

  it('find each other again after the server came back', async () => {
    const first = await startServer(echo);
    const client = clientOf(first.port);
    await client.send('Heartbeat', 4, heartbeat(1), { deadlineMs });
    await first.close();
    await expect(client.send('Heartbeat', 4, heartbeat(1), { deadlineMs })).rejects.toMatchObject({
      outcome: 'refused',
    });
    const second = await startServer(echo, [], {}, first.port);
    const answer = await client.send('Heartbeat', 4, heartbeat(2), { deadlineMs });
    expect(answer.errorCode).toBe(2);
    await client.close();
    await second.close();
  });

  it('give answers that are under way when the server closes, and take no more', async () => {
    const taken = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const peers = await Peers.start({
      Heartbeat: async () => {
        taken.resolve();
        await held.promise;
        return { throttleTimeMs: 0, errorCode: 3 };
      },
    });
    const answer = peers.client.send('Heartbeat', 4, heartbeat(1), { deadlineMs });
    await taken.promise;
    const closed = peers.server.close();
    held.resolve();
    expect((await answer).errorCode).toBe(3);
    await closed;
    await peers.client.close();
  });

  it('end at the close of the server even where a handler never answers', async () => {
    const taken = Promise.withResolvers<AbortSignal>();
    const holdOn = (signal: AbortSignal): Promise<never> => {
      taken.resolve(signal);
      return new Promise(() => undefined);
    };
    const peers = await Peers.start(
      { Heartbeat: (_request, { signal }) => holdOn(signal) },
      { server: { closeTimeoutMs: 50 } },
    );
    const failed = peers.client.send('Heartbeat', 4, heartbeat(1), { deadlineMs }).catch(outcomeOf);
    const signal = await taken.promise;
    await peers.server.close();
    expect(await failed).toBe('unknown: disconnected');
    expect(signal.aborted).toBe(true);
    await peers.client.close();
  });

  it('end while busy, with the client first', async () => {
    const peers = await Peers.start({ Heartbeat: () => new Promise(() => undefined) });
    const failed = Array.from({ length: 100 }, () =>
      peers.client.send('Heartbeat', 4, heartbeat(1), { deadlineMs }).catch(outcomeOf),
    );
    await peers.client.close();
    expect(new Set(await Promise.all(failed))).toEqual(new Set(['refused: closed']));
    await peers.server.close();
  });
});

describe('a process with a client and a server', () => {
  it('ends by itself once both are closed', async () => {
    const script = new URL('./support/short-process.ts', import.meta.url);
    const child = spawn(process.execPath, [fileURLToPath(script)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const printed: string[] = [];
    child.stdout.on('data', (chunk) => printed.push(String(chunk)));
    const [code] = await once(child, 'close');
    expect([code, printed.join('')]).toEqual([0, 'closed\n']);
  });
});

describe('a peer that dies in the middle of a frame', () => {
  it('leaves what was sent unknown, and what was not refused', async () => {
    const server = await startServer({ Heartbeat: () => new Promise(() => undefined) });
    const sockets: Socket[] = [];
    let receivedBytes = 0;
    // Passes the first 3 MB on, and then stops reading, as a host does that is about to die.
    const proxy = createServer({ pauseOnConnect: true }, (socket) => {
      const onward = server.port;
      const upstream = new (socket.constructor as typeof Socket)();
      sockets.push(socket, upstream);
      for (const each of [socket, upstream]) each.on('error', () => undefined);
      upstream.connect(onward, '127.0.0.1');
      upstream.pipe(socket);
      socket.on('data', (chunk) => {
        receivedBytes += chunk.length;
        upstream.write(chunk);
        if (receivedBytes > 3_000_000) {
          socket.pause();
          proxy.emit('full');
        }
      });
      socket.resume();
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port } = proxy.address() as { port: number };
    const client = clientOf(port);
    const full = once(proxy, 'full');
    const request = { groupId: 'g', generationId: 1, memberId: 'm'.repeat(30_000) };
    const failed = Array.from({ length: 2000 }, () =>
      client.send('Heartbeat', 4, request, { deadlineMs }).catch(outcomeOf),
    );
    await full;
    for (const socket of sockets) socket.destroy();
    const outcomes = await Promise.all(failed);
    const firstRefused = outcomes.indexOf('refused: disconnected');
    expect(firstRefused).toBeGreaterThan(90);
    expect(outcomes.slice(0, firstRefused).every((outcome) => outcome === 'unknown: disconnected')).toBe(true);
    expect(outcomes.slice(firstRefused).every((outcome) => outcome === 'refused: disconnected')).toBe(true);
    await client.close();
    proxy.close();
    await server.close();
  });
});
