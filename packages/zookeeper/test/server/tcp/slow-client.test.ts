import { afterEach, describe, expect, it } from 'vitest';
import type { Request } from '../../../src/operation/request.ts';
import { WireClient } from '../../support/server/wire-client.ts';
import { type ListenerContext, openListener } from './listener-context.ts';

const exists: Request = { op: 'exists', path: '/a', watch: false };
const KIB = 1024;
const MIB = 1024 * KIB;

let context: ListenerContext;

afterEach(() => context.listener.abort());

const executed = () => context.engine.connections[0]?.requests.length ?? 0;

/** Lets the event loop turn until nothing happens any more on loopback sockets. */
async function settled(observe: () => number): Promise<number> {
  let [before, quietTurns] = [observe(), 0];
  while (quietTurns < 200) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = observe();
    quietTurns = now === before ? quietTurns + 1 : 0;
    before = now;
  }
  return before;
}

describe('a client that has requests waiting for the disk', () => {
  it('has no more executed than it may, and the rest when the disk has come so far', async () => {
    context = await openListener({ maxOutstandingRequests: 3 });
    const client = await WireClient.withSession(context.port);
    let zxid = 0;
    context.engine.onRequest = () => context.gate.logged(++zxid);
    client.send(...Array.from({ length: 10 }, (_, index) => [index + 1, exists] as const));
    expect(await settled(executed)).toBe(3);
    context.gate.durable(2);
    expect(executed()).toBe(5);
    client.send([11, exists]);
    expect(await settled(executed)).toBe(5);
    while (zxid < 11) {
      context.gate.durable(zxid);
      await settled(executed);
    }
    context.gate.durable(11);
    await client.framesCame(12);
    expect(client.xids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('goes on at once where nothing has to wait', async () => {
    context = await openListener({ maxOutstandingRequests: 3 });
    const client = await WireClient.withSession(context.port);
    client.send(...Array.from({ length: 100 }, (_, index) => [index, exists] as const));
    await client.framesCame(101);
    expect(executed()).toBe(100);
  });
});

describe('a client that does not read', () => {
  it('is not read from either, until it does', async () => {
    context = await openListener({ pauseOutputBytes: MIB });
    context.engine.answerBytes = 64 * KIB;
    const client = await WireClient.withSession(context.port);
    client.socket.pause();
    client.send(...Array.from({ length: 1000 }, (_, index) => [index, exists] as const));
    // What the system's own buffers take comes on top of what waits here.
    expect(await settled(executed)).toBeLessThan(900);
    client.socket.resume();
    await client.framesCame(1001);
    expect(client.xids).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  });

  it('is dropped, with one line in the log, when more is waiting for it than may', async () => {
    context = await openListener({ maxOutputBytes: 4 * MIB });
    const client = await WireClient.withSession(context.port);
    client.socket.pause();
    const peer = context.engine.connections[0]?.peer;
    const path = '/'.repeat(64 * KIB);
    for (let count = 0; count < 1000 && context.logger.lines.length === 0; count++) {
      peer?.notified({ type: 'nodeCreated', path }, 1);
      context.gate.release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(context.logger.at('warn')).toEqual([expect.stringMatching(/does not take what it is sent; 4\d{6} bytes/)]);
    expect(await settled(() => [...context.listener.connections].length)).toBe(0);
    expect(context.engine.connections[0]?.lostCount).toBe(1);
  });

  it('is dropped also where what waits is held for the disk', async () => {
    context = await openListener({ maxOutputBytes: 4 * MIB });
    await WireClient.withSession(context.port);
    context.gate.logged(1);
    for (let count = 0; count < 1000; count++) {
      context.engine.connections[0]?.peer.notified({ type: 'nodeCreated', path: '/'.repeat(64 * KIB) }, 1);
    }
    expect(context.logger.at('warn')).toHaveLength(1);
  });

  it('is dropped where all clients together have too much waiting, and it the most', async () => {
    context = await openListener({ maxTotalOutputBytes: 4 * MIB });
    const [slow] = [await WireClient.withSession(context.port), await WireClient.withSession(context.port)];
    context.gate.logged(1);
    const [slowPeer, otherPeer] = context.engine.connections.map(({ peer }) => peer);
    const path = '/'.repeat(64 * KIB);
    for (let count = 0; count < 40; count++) {
      slowPeer?.notified({ type: 'nodeCreated', path }, 1);
      slowPeer?.notified({ type: 'nodeDeleted', path }, 1);
      otherPeer?.notified({ type: 'nodeCreated', path }, 1);
    }
    await slow.closed();
    expect(context.logger.at('warn')).toEqual([expect.stringMatching(/and 4\d{6} for all clients together/)]);
    expect([...context.listener.connections]).toHaveLength(1);
  });
});
