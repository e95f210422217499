import {
  SimulatedClock,
  type SimulatedHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import { connectSession, ZooKeeperError, type ZooKeeperSession } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';

const TIMEOUT_MS = 3000;
const DATA = Buffer.from('data');

describe('SimulatedZooKeeper', () => {
  it('serves sessions of several hosts', async () => {
    const context = new Context();
    const [first, second] = [await context.connect(), await context.connect()];
    const told: string[] = [];
    await context.run(first.session.exists('/a', { watch: ({ reason }) => told.push(reason) }));
    await context.run(second.session.create('/a', DATA, { mode: 'ephemeral' }));
    const { stat } = await context.run(first.session.get('/a'));
    expect(stat.ephemeralOwner).toBe(second.session.sessionId);
    expect(told).toEqual(['nodeCreated']);
    await context.run(second.session.close());
    expect(await context.run(first.session.exists('/a'))).toBeUndefined();
  });

  it('expires the session of a host that no longer reaches it, not before its timeout', async () => {
    const context = new Context();
    const [first, second] = [await context.connect(), await context.connect()];
    await context.run(first.session.create('/a', DATA, { mode: 'ephemeral' }));
    first.host.hold(['toServer']);
    await context.scheduler.advanceBy(TIMEOUT_MS - 500);
    expect(await context.run(second.session.exists('/a'))).toBeDefined();
    await context.scheduler.advanceBy(2000);
    expect(await context.run(second.session.exists('/a'))).toBeUndefined();
    expect(first.states).toEqual(['SUSPENDED', 'LOST']);
  });

  it('lets somebody else delete a znode, and tells those who watch it', async () => {
    const context = new Context();
    const { session } = await context.connect();
    await context.run(session.create('/a', DATA, { mode: 'ephemeral' }));
    const told: string[] = [];
    await context.run(session.exists('/a', { watch: ({ reason }) => told.push(reason) }));
    context.zookeeper.delete('/a');
    context.zookeeper.delete('/not-there');
    await context.scheduler.advanceBy(20);
    expect([told, await context.run(session.exists('/a'))]).toEqual([['nodeDeleted'], undefined]);
  });

  it('executes what it got and loses the answers where only those are lost', async () => {
    const context = new Context();
    const { host, session, states } = await context.connect();
    const creating = outcomeOf(session.create('/a', DATA));
    await context.scheduler.advanceBy(5);
    host.cut(['toClient']);
    expect(await context.run(creating)).toBe('CONNECTION_LOSS unknown');
    await context.run(session.whenConnected());
    expect(await context.run(session.exists('/a'))).toBeDefined();
    expect(states).toEqual(['SUSPENDED', 'CONNECTED']);
  });

  it('never gets what is lost on the way there', async () => {
    const context = new Context();
    const { host, session } = await context.connect();
    const creating = outcomeOf(session.create('/a', DATA));
    host.cut();
    expect(await context.run(creating)).toBe('CONNECTION_LOSS unknown');
    await context.run(session.whenConnected());
    expect(await context.run(session.exists('/a'))).toBeUndefined();
  });

  it('is silent while its process stands still, and goes on with what came meanwhile', async () => {
    const context = new Context();
    const { session, states } = await context.connect();
    context.zookeeper.process.pause();
    const creating = outcomeOf(session.create('/a', DATA));
    await context.scheduler.advanceBy(1900);
    context.zookeeper.process.resume();
    await context.scheduler.advanceBy(100);
    expect(await creating).toBe('done');
    expect(states).toEqual([]);
  });

  it('lets a host that stands still find out by its clock', async () => {
    const context = new Context();
    const { host, session, states } = await context.connect();
    host.process.pause();
    await context.scheduler.advanceBy(TIMEOUT_MS);
    expect(states).toEqual([]);
    expect(session.state).toBe('LOST');
    host.process.resume();
    await context.scheduler.advanceBy(100);
    expect(states).toEqual(['LOST']);
  });

  it('ends a session when asked to', async () => {
    const context = new Context();
    const { session, states } = await context.connect();
    await context.run(session.create('/a', DATA, { mode: 'ephemeral' }));
    context.zookeeper.expire(session.sessionId);
    await context.scheduler.advanceBy(1000);
    expect(states).toEqual(['SUSPENDED', 'LOST']);
    expect(context.paths()).not.toContain('/a');
  });

  it('has its sessions and its tree again when it comes back', async () => {
    const context = new Context();
    const { session, states } = await context.connect();
    await context.run(session.create('/a', DATA, { mode: 'ephemeral' }));
    context.zookeeper.kill();
    await context.scheduler.advanceBy(1000);
    expect(states).toEqual(['SUSPENDED']);
    context.zookeeper.restart();
    await context.run(session.whenConnected());
    const { stat } = await context.run(session.get('/a'));
    expect(stat.ephemeralOwner).toBe(session.sessionId);
  });

  it('refuses connections when asked to', async () => {
    const context = new Context();
    const { host, session, states } = await context.connect();
    context.zookeeper.refuse(true);
    host.cut();
    await context.scheduler.advanceBy(2000);
    expect(session.state).toBe('SUSPENDED');
    context.zookeeper.refuse(false);
    await context.scheduler.advanceBy(500);
    expect(states).toEqual(['SUSPENDED', 'CONNECTED']);
  });

  it('does the same for the same seed', async () => {
    const journals = [];
    for (const seed of [1, 1, 2]) {
      const context = new Context(seed);
      const { host, session } = await context.connect();
      for (let index = 0; index < 50; index++) void session.create(`/${index}`, DATA).catch(() => {});
      await context.scheduler.advanceBy(5);
      host.cut();
      await context.scheduler.advanceBy(1000);
      void session.create('/last', DATA).catch(() => {});
      await context.scheduler.advanceBy(1000);
      journals.push(context.zookeeper.journal);
    }
    expect(journals[0]).toEqual(journals[1]);
    expect(journals[0]).not.toEqual(journals[2]);
  });
});

class Context {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly zookeeper: SimulatedZooKeeper;

  constructor(seed = 1) {
    this.zookeeper = new SimulatedZooKeeper({ ...this, random: seededRandom(seed) });
  }

  /** Lets time pass until it is done. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    promise.then(end, end);
    for (let steps = 0; !isDone && steps < 10_000; steps++) await this.scheduler.advanceBy(1);
    if (!isDone) throw new Error('it does not come to an end');
    return promise;
  }

  async connect(): Promise<{ host: SimulatedHost; session: ZooKeeperSession; states: string[] }> {
    const host = this.zookeeper.newHost();
    const connecting = connectSession(
      {
        clock: this.clock,
        scheduler: host.process,
        links: host.links,
        ensemble: 'simulated',
        chroot: '/',
        timeoutMs: TIMEOUT_MS,
        connectDeadlineMs: 1000,
        onUncaught: (error) => {
          throw error;
        },
      },
      1,
    );
    const session = await this.run(connecting);
    const states: string[] = [];
    session.onState(({ state }) => states.push(state));
    return { host, session, states };
  }

  paths(): string[] {
    return [...(this.zookeeper.image()?.nodes ?? [])].map(([path]) => path);
  }
}

async function outcomeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'done';
  } catch (error) {
    if (error instanceof ZooKeeperError) return `${error.code} ${error.outcome}`;
    throw error;
  }
}
