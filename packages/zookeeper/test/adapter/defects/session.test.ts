import { seededRandom } from '@barnabas/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageLinkFactory } from '../../../src/adapter/package-link-factory.ts';
import { encodeReply } from '../../../src/jute/reply-codec.ts';
import { encodeWatchEvent } from '../../../src/jute/watch-codec.ts';
import { connectSession } from '../../../src/session/connect-session.ts';
import type { StateEvent, ZooKeeperSession } from '../../../src/session/session.ts';
import { AdapterContext, elapsed } from '../../support/adapter/adapter-context.ts';
import type { FakeConnection } from '../../support/adapter/fake-connection.ts';
import type { FakeServer } from '../../support/adapter/fake-server.ts';
import { realClock, realScheduler } from '../../support/adapter/real-time.ts';

/** Above this a real server closes the connection: `jute.maxbuffer`. */
const PACKET_BYTES_MAX = 0xfffff;

let context: AdapterContext;
let session: ZooKeeperSession | undefined;

beforeEach(() => {
  context = new AdapterContext();
});

afterEach(async () => {
  await session?.close({ deadlineMs: 1 });
  session = undefined;
  await context.close();
});

/** A whole session over the link, and the server's end of its first connection. */
async function openSession(server: FakeServer, timeoutMs: number): Promise<[ZooKeeperSession, FakeConnection]> {
  const surroundings = { clock: realClock, scheduler: realScheduler };
  const opening = connectSession(
    {
      ...surroundings,
      links: packageLinkFactory({ ...surroundings, servers: [server], random: seededRandom(1) }),
      ensemble: server.connectString,
      chroot: '/',
      timeoutMs,
      connectDeadlineMs: 5000,
      onUncaught: (error) => {
        throw error;
      },
    },
    1,
  );
  const connection = await server.acceptSession();
  session = await opening;
  return [session, connection];
}

/** Knows no znode, and cuts the connection at a packet that is too large, as a real server does. */
function answerAsServer(connection: FakeConnection): void {
  void (async () => {
    for (;;) {
      const frame = await connection.nextFrame();
      if (frame.length > PACKET_BYTES_MAX) connection.cut();
      else connection.fail(frame.readInt32BE(0), -101);
    }
  })().catch(() => {});
}

describe('defect 1: a silent server is taken for a live one, not by a session', () => {
  it('is suspended by two thirds of the timeout and lost by the timeout, however alive the connections are', async () => {
    const timeoutMs = 600;
    const server = await context.server();
    const [silenced] = await openSession(server, timeoutMs);
    const beganMs = realClock.steadyMs();
    const states: [StateEvent['state'], number][] = [];
    const lost = new Promise<void>((resolve) => {
      silenced.onState(({ state }) => {
        states.push([state, realClock.steadyMs() - beganMs]);
        if (state === 'LOST') resolve();
      });
    });
    await lost;
    expect(states.map(([state]) => state)).toEqual(['SUSPENDED', 'LOST']);
    // The rest is for a busy machine: on simulated time it is exact.
    expect(states[0]?.[1]).toBeLessThan(timeoutMs);
    expect(states[1]?.[1]).toBeLessThan(timeoutMs * 1.5);
    expect(server.acceptedCount).toBeGreaterThan(1);
  });
});

describe('defect 14: what comes in puts off the ping, not that of a session', () => {
  it('stays connected under steady notifications, because it sends heartbeats', async () => {
    const timeoutMs = 1500;
    const server = await context.server();
    const [busy, connection] = await openSession(server, timeoutMs);
    let heartbeats = 0;
    void connection.serve(({ xid }) => {
      heartbeats++;
      return encodeReply({ xid, zxid: 1, code: 0 }, { op: 'sync', path: '/' });
    });
    for (let sent = 0; sent < 100; sent++) {
      connection.write(encodeWatchEvent({ type: 'nodeDataChanged', path: '/a' }, -1));
      await elapsed(20);
    }
    expect(busy.state).toBe('CONNECTED');
    expect(heartbeats).toBeGreaterThanOrEqual(3);
    expect(server.acceptedCount).toBe(1);
  });
});

describe('defect 20: one packet that is too large loses all that is in flight', () => {
  it('costs the bare package its connection and every answer', async () => {
    const server = await context.server();
    const { bare, connection } = await context.connectedBare(server);
    const other = new Promise<Error | null>((resolve) => bare.client.getData('/b', undefined, resolve));
    const transaction = bare.client.transaction();
    for (let op = 0; op < 13; op++) transaction.setData('/a', Buffer.alloc(100_000), -1);
    transaction.commit(() => {});
    const frames = [await connection.nextFrame(), await connection.nextFrame()];
    expect(frames.map(({ length }) => length > PACKET_BYTES_MAX)).toEqual([false, true]);
    connection.cut();
    expect(String(await other)).toContain('CONNECTION_LOSS');
  });

  it('is refused by a session, and nothing else is lost', async () => {
    const server = await context.server();
    const [careful, connection] = await openSession(server, 30_000);
    answerAsServer(connection);
    const other = expect(careful.get('/b')).rejects.toMatchObject({ code: 'NO_NODE' });
    const large = careful.multi(
      Array.from(
        { length: 13 },
        () => ({ type: 'set', path: '/a', data: Buffer.alloc(100_000), version: -1 }) as const,
      ),
    );
    await expect(large).rejects.toMatchObject({ code: 'BAD_ARGUMENTS', outcome: 'refused' });
    await other;
    expect(careful.state).toBe('CONNECTED');
  });
});
