import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerHandlers } from '../../src/index.ts';
import { Peers } from '../support/peers.ts';

const echo: PeerHandlers = { Heartbeat: ({ generationId }) => ({ throttleTimeMs: 0, errorCode: generationId }) };
const stillServes = async ({ client }: Peers): Promise<void> => {
  const request = { groupId: 'g', generationId: 4, memberId: 'm' };
  expect((await client.send('Heartbeat', 4, request, { deadlineMs: 10_000 })).errorCode).toBe(4);
};

const openStream = async (port: number, path = '/internal/v1/frames/general') => {
  const session: ClientHttp2Session = connect(`http://127.0.0.1:${port}`);
  const stream: ClientHttp2Stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/vnd.barnabas.frames',
  });
  session.on('error', () => undefined);
  stream.on('error', () => undefined);
  const [headers] = await once(stream, 'response');
  return { session, stream, status: headers[':status'] };
};

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('a server that is sent', () => {
  it.each([
    ['a negative size', 'ffffffff', 'a frame of -1 bytes'],
    ['a size over the limit', '7fffffff', 'a frame of 2147483647 bytes'],
    ['an unknown API', '0000000a 03e7 0000 00000001 ffff', 'no API has the key 999'],
    ['an unknown version', '0000000a 000c 0009 00000001 ffff', 'Heartbeat has no version 9'],
    ['an API without a handler', '0000000a 0012 0000 00000001 ffff', 'ApiVersions is not served here'],
    ['a request cut short', '0000000a 000c 0000 00000001 ffff', 'no request of Heartbeat'],
    ['an empty frame', '00000000', 'a frame of 0 bytes'],
  ])('%s drops the stream with one line in the log, and serves others', async (_name, hex, reason) => {
    await using peers = await Peers.start(echo, { server: { maxFrameBytes: 1000 } });
    const { session, stream } = await openStream(peers.server.port);
    stream.resume().write(bytes(hex));
    await once(stream, 'close');
    expect(peers.logged).toHaveLength(1);
    expect(peers.logged[0]).toMatch(/^Dropped a stream of 127\.0\.0\.1:\d+: /);
    expect(peers.logged[0]).toContain(reason);
    await stillServes(peers);
    session.destroy();
  });

  it('a request whose handler throws drops the stream, and the caller does not know what happened', async () => {
    await using peers = await Peers.start({
      Heartbeat: () => {
        throw new Error('boom');
      },
    });
    const request = { groupId: 'g', generationId: 4, memberId: 'm' };
    await expect(peers.client.send('Heartbeat', 4, request, { deadlineMs: 10_000 })).rejects.toMatchObject({
      outcome: 'unknown',
      failure: 'disconnected',
    });
    expect(peers.logged).toHaveLength(1);
    expect(peers.logged[0]).toContain('Heartbeat failed: boom');
  });

  it('requests behind one whose handler throws runs none of them', async () => {
    const begun: number[] = [];
    await using peers = await Peers.start({
      StopReplica: ({ controllerEpoch }) => {
        begun.push(controllerEpoch);
        throw new Error('boom');
      },
    });
    const stop = (controllerEpoch: number) =>
      peers.client.send(
        'StopReplica',
        3,
        { controllerId: 1, controllerEpoch, topicStates: [] },
        { deadlineMs: 10_000 },
      );
    const outcomes = await Promise.allSettled([1, 2, 3].map(stop));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(begun).toEqual([1]);
    expect(peers.logged).toHaveLength(1);
  });

  it('an answer of its own that is over the limit drops the stream', async () => {
    await using peers = await Peers.start(
      { SyncGroup: () => ({ throttleTimeMs: 0, errorCode: 0, assignment: Buffer.alloc(2000) }) },
      { server: { maxFrameBytes: 1000 } },
    );
    const request = { groupId: 'g', generationId: 1, memberId: 'm', assignments: [] };
    await expect(peers.client.send('SyncGroup', 5, request, { deadlineMs: 10_000 })).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect(peers.logged[0]).toContain('an answer of');
  });

  it('a class that there is not answers 404', async () => {
    await using peers = await Peers.start(echo);
    const { session, status } = await openStream(peers.server.port, '/internal/v1/frames/other');
    expect(status).toBe(404);
    session.destroy();
  });

  it('any bytes on a stream goes on serving', async () => {
    await using peers = await Peers.start(echo, { server: { maxFrameBytes: 1000 } });
    const { session } = await openStream(peers.server.port);
    const frame = fc.tuple(fc.constantFrom('000c', '0001', '0004', '0012'), fc.uint8Array({ maxLength: 60 }));
    const likely = frame.map(([key, rest]) => {
      const payload = Buffer.concat([bytes(key), bytes('0004'), rest]);
      return Buffer.concat([bytes(payload.length.toString(16).padStart(8, '0')), payload]);
    });
    const noise = fc.oneof(fc.uint8Array({ maxLength: 300 }), likely);
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { maxLength: 5 }), async (chunks) => {
        const stream = session.request({
          ':method': 'POST',
          ':path': '/internal/v1/frames/control',
          'content-type': 'application/vnd.barnabas.frames',
        });
        stream.on('error', () => undefined).resume();
        for (const chunk of chunks) stream.write(chunk);
        stream.end();
        await once(stream, 'close');
      }),
      { numRuns: 100 },
    );
    await stillServes(peers);
    session.destroy();
  });

  it('any bytes on a connection goes on serving', async () => {
    await using peers = await Peers.start(echo);
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.uint8Array({ maxLength: 200 }), async (isPrefaced, noise) => {
        const socket = connectTcp(peers.server.port, '127.0.0.1');
        socket.on('error', () => undefined).resume();
        await once(socket, 'connect');
        socket.end(isPrefaced ? Buffer.concat([preface, noise]) : noise);
        await once(socket, 'close');
      }),
      { numRuns: 50 },
    );
    await stillServes(peers);
  });
});
