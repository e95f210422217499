import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import type { ZooKeeperSession } from '../../src/session/session.ts';
import { ZooKeeperClient, type ZooKeeperClientOptions } from '../../src/session/zookeeper-client.ts';
import { linksOf, ScriptedLink } from '../support/scripted-link.ts';
import { SimulatedEnsemble } from '../support/simulated-ensemble.ts';

describe('ZooKeeperClient', () => {
  it('opens the next session, of the next generation, when one is lost', async () => {
    const { client, ensemble, told } = prepared();
    const first = await ensemble.run(client.start());
    expect(client.session).toBe(first);
    for (let round = 1; round <= 3; round++) {
      ensemble.zookeeper.expire(client.session?.sessionId ?? 0n);
      await ensemble.scheduler.advanceBy(5000);
      expect(client.session).toMatchObject({ generation: round + 1, state: 'CONNECTED' });
    }
    expect(told.map(({ generation }) => generation)).toEqual([1, 2, 3, 4]);
    expect(new Set(told.map(({ sessionId }) => sessionId)).size).toBe(4);
    expect(told.map(({ state }) => state)).toEqual(['LOST', 'LOST', 'LOST', 'CONNECTED']);
  });

  it('rejects at first where there is no server, and naming it', async () => {
    const { client, ensemble, told } = prepared();
    ensemble.zookeeper.kill();
    await expect(ensemble.run(client.start())).rejects.toMatchObject({
      code: 'OPERATION_TIMEOUT',
      message: expect.stringContaining('zk1:2181,zk2:2181'),
    });
    expect(told).toEqual([]);
    await client.close();
  });

  it('tries for ever later, and tells of each attempt that failed', async () => {
    const failures: unknown[] = [];
    const { client, ensemble } = prepared({ onFailedAttempt: (error) => failures.push(error) });
    await ensemble.run(client.start());
    ensemble.zookeeper.kill();
    await ensemble.scheduler.advanceBy(60_000);
    expect(client.session?.state).toBe('LOST');
    expect(failures.length).toBeGreaterThan(15);
    ensemble.zookeeper.restart();
    await ensemble.scheduler.advanceBy(5000);
    expect(client.session).toMatchObject({ generation: 2, state: 'CONNECTED' });
  });

  it('tells of one session after the other, and not of one that is lost by then', async () => {
    const told: number[] = [];
    const first = Promise.withResolvers<void>();
    const { client, ensemble } = prepared({
      onSession: ({ generation }) => {
        told.push(generation);
        return generation === 1 ? first.promise : undefined;
      },
    });
    await ensemble.run(client.start());
    for (let round = 0; round < 2; round++) {
      ensemble.zookeeper.expire(client.session?.sessionId ?? 0n);
      await ensemble.scheduler.advanceBy(5000);
    }
    expect(client.session?.generation).toBe(3);
    expect(told).toEqual([1]);
    first.resolve();
    await ensemble.scheduler.advanceBy(0);
    expect(told).toEqual([1, 3]);
  });

  it('goes on when a listener throws', async () => {
    const failure = new Error('of the test');
    const { client, ensemble } = prepared({
      onSession: () => {
        throw failure;
      },
    });
    await ensemble.run(client.start());
    ensemble.zookeeper.expire(client.session?.sessionId ?? 0n);
    await ensemble.scheduler.advanceBy(5000);
    expect(client.session).toMatchObject({ generation: 2, state: 'CONNECTED' });
    expect(ensemble.uncaught).toEqual([failure, failure]);
  });

  it('goes on when who is told of a failed attempt throws', async () => {
    const failure = new Error('of the test');
    const { client, ensemble } = prepared({
      onFailedAttempt: () => {
        throw failure;
      },
    });
    await ensemble.run(client.start());
    ensemble.zookeeper.kill();
    await ensemble.scheduler.advanceBy(10_000);
    ensemble.zookeeper.restart();
    await ensemble.scheduler.advanceBy(5000);
    expect(client.session).toMatchObject({ generation: 2, state: 'CONNECTED' });
    expect(new Set(ensemble.uncaught)).toEqual(new Set([failure]));
    await ensemble.run(client.close());
  });

  it('is closed during its start once what was being opened has ended', async () => {
    const link = new ScriptedLink();
    const ended = Promise.withResolvers<void>();
    link.closing = ended.promise;
    const { client, ensemble } = prepared({ links: linksOf(link), chroot: '/a' });
    const starting = expect(client.start()).rejects.toMatchObject({ code: 'CONNECTION_LOSS' });
    link.connect(0);
    await ensemble.scheduler.advanceBy(0);
    let isClosed = false;
    const closing = client.close().then(() => {
      isClosed = true;
    });
    await ensemble.scheduler.advanceBy(10);
    expect([link.closedPolitely, isClosed]).toEqual([true, false]);
    ended.resolve();
    await closing;
    await starting;
  });

  it.each([
    ['while a session is open', 0],
    ['while it waits before it tries again', 100],
    ['while it tries', 1500],
  ])('opens no session any more once it is closed %s', async (_, delayMs) => {
    const { client, ensemble } = prepared();
    await ensemble.run(client.start());
    if (delayMs > 0) {
      ensemble.zookeeper.kill();
      await ensemble.scheduler.advanceBy(3000 + delayMs);
    }
    await ensemble.run(client.close());
    if (delayMs > 0) ensemble.zookeeper.restart();
    await ensemble.scheduler.advanceBy(20_000);
    const types = ensemble.zookeeper.journal.map(({ txn }) => txn.type);
    expect(types).toEqual(['createSession', 'closeSession']);
    expect(client.session?.state).toBe('LOST');
  });

  it.each(
    Array.from({ length: 25 }, (_, ticks) => ticks),
  )('ends a session that comes just as it is closed, %i microtasks later', async (ticks) => {
    const links = [new ScriptedLink(1n), new ScriptedLink(2n)] as const;
    const { client, ensemble } = prepared({ links: linksOf(...links) });
    const starting = client.start();
    links[0].connect(0);
    await starting;
    links[0].end('SESSION_EXPIRED', 'over');
    await ensemble.scheduler.advanceBy(200);
    links[1].connect(ensemble.clock.steadyMs());
    for (let tick = 0; tick < ticks; tick++) await undefined;
    await client.close();
    expect(links[1].closedPolitely).toBe(true);
    expect(ensemble.scheduler.pendingTimers).toBe(1);
  });
});

function prepared(options: Partial<ZooKeeperClientOptions> = {}) {
  const ensemble = new SimulatedEnsemble();
  const host = ensemble.zookeeper.newHost();
  const told: ZooKeeperSession[] = [];
  const onSession = (session: ZooKeeperSession) => {
    told.push(session);
  };
  const client = new ZooKeeperClient({
    ...ensemble.optionsOf(host),
    random: seededRandom(2),
    onSession,
    ...options,
  });
  return { client, ensemble, host, told };
}
