import { OPEN_ACL, type ZooKeeperSession } from '@barnabas/zookeeper';
import { afterAll, beforeAll, describe, expect, it, onTestFailed, vi } from 'vitest';
import { attach, NEW_SESSION, type SessionKey } from '../support/zookeeper/attach.ts';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import type { Ensemble } from '../support/zookeeper/ensemble.ts';
import type { Member } from '../support/zookeeper/member.ts';
import { openSession } from '../support/zookeeper/package-client.ts';
import { realZooKeeper } from '../support/zookeeper/real-zookeeper.ts';
import { shout } from '../support/zookeeper/say.ts';
import { goneAtMs } from './failover/gone.ts';
import { counterPath, countIn, journalPath, LoadedClient } from './failover/loaded-client.ts';

const CLIENTS = 4;
/** How often the leader is lost; more often while the ensemble takes too long for the sessions to be kept. */
const ROUNDS = 2;
const ROUNDS_MAX = 6;
const TICK_TIME_MS = 200;
/**
 * Several times what an ensemble takes to elect a leader in the place of a dead one. A client of a leader that is stopped
 * waits for two thirds of it before it looks for another server: the last third is what it then has, on a busy machine too.
 */
const SESSION_TIMEOUT_MS = 9_000;
const RECOVER_MAX_MS = 20_000;
/** For a machine that is busy with other tests. */
const LATE_MS = 1_000;
/** Of clients that go away: more than an ensemble takes to elect a leader in the place of a dead one. */
const AWAY_TIMEOUT_MS = 4_000;
const CHROOT = '/failover';

await describeWithZooKeeper('Sessions under load, while the ensemble loses its leader', 'servers', () => {
  let ensemble: Ensemble;
  let clients: LoadedClient[];
  let observer: ZooKeeperSession | undefined;
  const uncaught: unknown[] = [];

  const place = () => ({
    servers: ensemble.members,
    chroot: CHROOT,
    timeoutMs: SESSION_TIMEOUT_MS,
    onUncaught: (error: unknown) => uncaught.push(error),
  });

  /** Every client writes again, in a session that it had or in a new one. */
  const untilAllProceed = async (): Promise<void> => {
    const marks = clients.map(({ progress }) => progress);
    await vi.waitFor(
      () => expect(clients.every(({ progress }, index) => progress > (marks[index] ?? 0) + 3)).toBe(true),
      {
        timeout: RECOVER_MAX_MS,
      },
    );
  };

  beforeAll(async () => {
    ensemble = await realZooKeeper({
      servers: 3,
      tickTimeMs: TICK_TIME_MS,
      sessionTimeoutMsMax: SESSION_TIMEOUT_MS,
    });
    clients = Array.from({ length: CLIENTS }, (_, index) => new LoadedClient(index, CLIENTS, place()));
    await Promise.all(clients.map((client) => client.start()));
  });
  afterAll(async () => {
    await Promise.allSettled(clients?.map((client) => client.close()) ?? []);
    await observer?.close();
    await ensemble?.stop();
  });

  /** Takes the leader away and gives it back; resolves to how long it took until every client wrote again. */
  const loseLeader = async (
    fate: 'killed' | 'stopped',
    onNewLeader: (leader: Member) => Promise<void> = async () => {},
  ): Promise<number> => {
    const leader = await ensemble.leader();
    const lostAtMs = performance.now();
    try {
      if (fate === 'killed') await leader.kill();
      else await leader.pause();
      await onNewLeader(await ensemble.leader(ensemble.members.filter((other) => other !== leader)));
      await untilAllProceed();
      return performance.now() - lostAtMs;
    } finally {
      if (fate === 'killed') await leader.start();
      else await leader.resume();
      await ensemble.leader();
      await ensemble.whenServing();
    }
  };

  it.each(['killed', 'stopped'] as const)(
    'are kept when the leader is %s, unless the ensemble needs longer than they live',
    async (fate) => {
      onTestFailed(async () => shout([...clients.map(String), await ensemble.logTails()].join('\n')));
      let wereKept = false;
      for (let round = 0; round < ROUNDS || (!wereKept && round < ROUNDS_MAX); round++) {
        await untilAllProceed();
        const before = clients.map(({ session }) => session);
        const outageMs = await loseLeader(fate);
        if (outageMs > SESSION_TIMEOUT_MS - LATE_MS) continue;
        expect(clients.map(({ session }) => session)).toEqual(before);
        wereKept = true;
      }
      expect(wereKept).toBe(true);
    },
    ROUNDS_MAX * RECOVER_MAX_MS,
  );

  it(
    'have their ephemeral znodes only as long as their client is back in time',
    async () => {
      const watcher = await openSession(place());
      const leave = async (path: string): Promise<SessionKey> => {
        const { client, session } = await attach(await ensemble.leader(), NEW_SESSION, { timeoutMs: AWAY_TIMEOUT_MS });
        const create = { op: 'create', path: `${CHROOT}${path}`, data: null, acl: OPEN_ACL, flags: 1 } as const;
        await client.untilReply(client.send(create));
        client.cut();
        return session ?? NEW_SESSION;
      };
      const early = await leave('/early');
      await watcher.sync('/early');
      const made = await watcher.exists('/early');
      const leftAtMs = performance.now();
      const late = await leave('/late');
      await watcher.sync('/late');
      expect((await watcher.exists('/late'))?.ephemeralOwner).toBe(late.id);
      const gone = goneAtMs(watcher, '/late');
      let ledAtMs = 0;
      await loseLeader('killed', async (leader) => {
        ledAtMs = performance.now();
        const { client, session } = await attach(leader, early, { timeoutMs: SESSION_TIMEOUT_MS });
        expect(session?.id).toBe(early.id);
        await watcher.whenConnected();
        await watcher.sync('/early');
        expect(await watcher.exists('/early')).toEqual(made);
        await client.untilReply(client.send({ op: 'closeSession' }));
        await watcher.sync('/early');
        expect(await watcher.exists('/early')).toBeUndefined();
      });
      // A leader counts from its election, and ends sessions at its next tick.
      expect((await gone) - leftAtMs).toBeGreaterThan(AWAY_TIMEOUT_MS - 1);
      expect((await gone) - ledAtMs).toBeLessThan(AWAY_TIMEOUT_MS + 2 * TICK_TIME_MS + LATE_MS);
      await watcher.close();
    },
    3 * RECOVER_MAX_MS,
  );

  describe('and when all is quiet again', () => {
    let judge: ZooKeeperSession;

    beforeAll(async () => {
      await Promise.all(clients.map((client) => client.stopWriting()));
      judge = await openSession(place());
      observer = judge;
      await judge.sync('/');
    });

    it('no watcher or listener has thrown', () => {
      expect(uncaught).toEqual([]);
    });

    it('every copy that is kept by watches is like the original', async () => {
      for (let index = 0; index < CLIENTS; index++) {
        const path = counterPath(index);
        const { data } = await judge.get(path);
        for (const { copies } of clients) await vi.waitFor(() => expect(copies.get(path)).toBe(countIn(data)));
      }
    });

    it('the writes that were acknowledged are there, those that were refused are not', async () => {
      for (const { index, appends, counts } of clients) {
        const { children } = await judge.children(journalPath(index));
        const found = new Set(children.map(Number));
        expect(appends.of('done').filter((value) => !found.has(value))).toEqual([]);
        expect(appends.of('refused').filter((value) => found.has(value))).toEqual([]);
        const { data } = await judge.get(counterPath(index));
        const lastDone = counts.of('done').at(-1) ?? 0;
        expect([lastDone, ...counts.of('unknown').filter((value) => value > lastDone)]).toContain(countIn(data));
      }
    });

    it('every session has told of its states in order', () => {
      const lives = clients.flatMap((client) => client.lives);
      expect(lives.flatMap(({ states }) => states.violations)).toEqual([]);
      const suspensions = lives.flatMap(({ states }) => states.events.filter(({ state }) => state === 'SUSPENDED'));
      expect(suspensions.length).toBeGreaterThanOrEqual(2 * ROUNDS);
    });

    it('every session that is not lost has kept its ephemeral znode, and no other one has', async () => {
      for (const { session, path, made } of clients.flatMap((client) => client.lives)) {
        if (session.state === 'LOST') {
          const isGone = async () => expect(await judge.exists(path)).toBeUndefined();
          await vi.waitFor(isGone, { timeout: SESSION_TIMEOUT_MS + 10 * TICK_TIME_MS });
        } else {
          const stat = await judge.exists(path);
          expect(stat?.ephemeralOwner).toBe(session.sessionId);
          expect(stat?.czxid).toBe(made?.czxid);
        }
      }
    });

    it('every session is held by one connection', async () => {
      const lists = await Promise.all(ensemble.members.map((member) => ensemble.ask(member, 'cons')));
      const held = Array.from(lists.join('\n').matchAll(/sid=0x([0-9a-f]+)/g), ([, id]) => BigInt(`0x${id}`));
      for (const { session } of clients) expect(held.filter((id) => id === session.sessionId)).toHaveLength(1);
    });
  });
});
