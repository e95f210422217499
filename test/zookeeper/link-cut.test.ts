import { type DirtyEvent, type Outcome, ZooKeeperError, type ZooKeeperSession } from '@barnabas/zookeeper';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import { openSession } from '../support/zookeeper/package-client.ts';
import { type ZooKeeperForClients, zooKeeperForClients } from '../support/zookeeper/real-zookeeper.ts';
import { type Silence, SilentProxy } from '../support/zookeeper/silent-proxy.ts';
import { StateLog } from './failover/state-log.ts';

const TICK_TIME_MS = 100;
const SESSION_TIMEOUT_MS = 1_500;
/** For a machine that is busy with other tests. */
const LATE_MS = 400;
const CHROOT = `/link-cut-${process.pid}`;

await describeWithZooKeeper('A session whose link goes silent', 'clients', () => {
  let zookeeper: ZooKeeperForClients;
  let server: { readonly host: string; readonly port: number };
  let proxy: SilentProxy;
  let session: ZooKeeperSession;
  let states: StateLog;
  let observer: ZooKeeperSession;
  const uncaught: unknown[] = [];

  const open = (servers: readonly { readonly host: string; readonly port: number }[]): Promise<ZooKeeperSession> =>
    openSession({
      servers,
      chroot: CHROOT,
      timeoutMs: SESSION_TIMEOUT_MS,
      onUncaught: (error) => uncaught.push(error),
    });

  beforeAll(async () => {
    zookeeper = await zooKeeperForClients({ servers: 1, tickTimeMs: TICK_TIME_MS });
    const [host = '', port] = zookeeper.connectString.split(',')[0]?.split(':') ?? [];
    server = { host, port: Number(port) };
    observer = await open([server]);
  });
  afterAll(async () => {
    await observer?.delete('/', -1).catch(() => {});
    await observer?.close();
    await zookeeper?.stop();
    expect(uncaught).toEqual([]);
  });
  beforeEach(async () => {
    proxy = await SilentProxy.start(server.host, server.port);
    session = await open([{ host: '127.0.0.1', port: proxy.port }]);
    states = new StateLog(session);
    await session.create('/alive', null, { mode: 'ephemeral' });
  });
  afterEach(async () => {
    proxy.silence = 'none';
    await session.close();
    proxy.stop();
  });

  /** Resolves to when the observer was told. */
  const toldThatGone = async (): Promise<number> => {
    const told = Promise.withResolvers<DirtyEvent>();
    expect(await observer.exists('/alive', { watch: told.resolve })).toBeDefined();
    expect((await told.promise).reason).toBe('nodeDeleted');
    return performance.now();
  };

  describe.each<Silence>(['both', 'fromServer', 'fromClient'])('in this direction: %s', (silence) => {
    it('is suspended after two thirds of the timeout and lost after all of it, before its ephemeral znodes go', async () => {
      const gone = toldThatGone();
      const cutAtMs = performance.now();
      proxy.silence = silence;
      const suspended = await states.reached('SUSPENDED');
      const lost = await states.reached('LOST');
      expect(suspended.atMs - cutAtMs).toBeLessThan((session.timeoutMs * 2) / 3 + LATE_MS);
      expect(lost.atMs - cutAtMs).toBeLessThan(session.timeoutMs + LATE_MS);
      expect(states.events.map(({ state }) => state)).toEqual(['SUSPENDED', 'LOST']);
      expect(await gone).toBeGreaterThan(lost.atMs);
    }, 20_000);
  });

  it('goes on with the same session where the link comes back in time', async () => {
    const { sessionId } = session;
    const dirty = Promise.withResolvers<DirtyEvent>();
    const made = await session.exists('/alive', { watch: dirty.resolve });
    proxy.silence = 'both';
    await states.reached('SUSPENDED');
    proxy.silence = 'none';
    await session.whenConnected({ deadlineMs: session.timeoutMs });
    expect(states.events.map(({ state }) => state)).toEqual(['SUSPENDED', 'CONNECTED']);
    expect(session.sessionId).toBe(sessionId);
    expect((await dirty.promise).reason).toBe('reconnected');
    const kept = await session.exists('/alive');
    expect([kept?.czxid, kept?.ephemeralOwner]).toEqual([made?.czxid, sessionId]);
  });

  it('says of what it has sent that the outcome is unknown, and of what it has not that it is refused', async () => {
    const outcomeOf = (write: Promise<unknown>): Promise<Outcome | 'done'> =>
      write.then(
        () => 'done' as const,
        (error: unknown) => (error instanceof ZooKeeperError ? error.outcome : 'done'),
      );
    proxy.silence = 'fromServer';
    const sent = outcomeOf(session.create('/sent', null));
    await states.reached('SUSPENDED');
    expect(await sent).toBe('unknown');
    expect(await outcomeOf(session.create('/not-sent', null))).toBe('refused');
    await states.reached('LOST');
    expect(await observer.exists('/sent')).toBeDefined();
    expect(await observer.exists('/not-sent')).toBeUndefined();
    await observer.delete('/sent', -1);
  });
});
