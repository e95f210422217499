import type { ZooKeeperSession } from '@barnabas/zookeeper';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CuttableEnsemble, cuttableEnsemble } from '../support/zookeeper/cuttable-follower.ts';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import { findOriginBesideDocker } from '../support/zookeeper/origin.ts';
import { openSession } from '../support/zookeeper/package-client.ts';
import { goneAtMs } from './failover/gone.ts';
import { StateLog } from './failover/state-log.ts';

const TICK_TIME_MS = 400;
const SESSION_TIMEOUT_MS = 2_000;
/** The syncLimit that ZooKeeper comes with is longer than Kafka's sessions may be, too: 5 ticks of 2 s. */
const SILENCE_MAX_MS = 8_000;
/** For a machine that is busy with other tests. */
const LATE_MS = 400;
const READ_PERIOD_MS = 50;

await findOriginBesideDocker('the network between the servers is to be cut');
await describeWithZooKeeper('A session on a follower that is cut off from its leader', 'servers', () => {
  let zookeeper: CuttableEnsemble;
  const sessions: ZooKeeperSession[] = [];
  const uncaught: unknown[] = [];

  const open = async (server: { readonly host: string; readonly port: number }, timeoutMs: number) => {
    const session = await openSession({
      servers: [server],
      chroot: '/',
      timeoutMs,
      onUncaught: (error) => uncaught.push(error),
    });
    sessions.push(session);
    return session;
  };

  beforeAll(async () => {
    zookeeper = await cuttableEnsemble({
      tickTimeMs: TICK_TIME_MS,
      silenceMsMax: SILENCE_MAX_MS,
      sessionTimeoutMsMax: 60_000,
      containerCheckIntervalMs: 60 * 60_000,
      fsync: false,
    });
  }, 90_000);
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.close({ deadlineMs: 100 })));
    await zookeeper?.stop();
    expect(uncaught).toEqual([]);
  });

  it('is connected no more when its ephemeral znodes go, and lost by its timeout', async () => {
    const observer = await open(await zookeeper.ensemble.leader(), 60_000);
    const session = await open(zookeeper.follower, SESSION_TIMEOUT_MS);
    const states = new StateLog(session);
    await session.create('/alive', null, { mode: 'ephemeral' });
    const gone = goneAtMs(observer, '/alive');

    zookeeper.cut();
    const cutAtMs = performance.now();
    let readsAfterCut = 0;
    const reading = setInterval(() => {
      session.exists('/alive').then(
        () => readsAfterCut++,
        () => {},
      );
    }, READ_PERIOD_MS);
    const suspended = await states.reached('SUSPENDED');
    const lost = await states.reached('LOST');
    clearInterval(reading);

    expect(await gone).toBeGreaterThan(suspended.atMs - TICK_TIME_MS / 2);
    expect(suspended.atMs - cutAtMs).toBeLessThan((SESSION_TIMEOUT_MS * 2) / 3 + LATE_MS);
    expect(lost.atMs - cutAtMs).toBeLessThan(SESSION_TIMEOUT_MS + LATE_MS);
    // The follower answers them by itself all the time.
    expect(readsAfterCut).toBeGreaterThan(5);
    expect(states.events.map(({ state }) => state)).toEqual(['SUSPENDED', 'LOST']);
  }, 60_000);
});
