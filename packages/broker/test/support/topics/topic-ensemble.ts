import {
  SimulatedClock,
  type SimulatedHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import { connectSession, createBasePaths, type ZooKeeperSession } from '@barnabas/zookeeper';

const SESSION_TIMEOUT_MS = 3000;

/** A simulated ZooKeeper with the paths that a cluster begins with, sessions, and a look at what is written. */
export class TopicEnsemble {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly zookeeper: SimulatedZooKeeper;
  readonly uncaught: unknown[] = [];
  #generation = 0;

  private constructor(seed: number) {
    const random = seededRandom(seed);
    this.zookeeper = new SimulatedZooKeeper({ clock: this.clock, scheduler: this.scheduler, random });
  }

  static async start(seed = 1): Promise<TopicEnsemble> {
    const ensemble = new TopicEnsemble(seed);
    const session = await ensemble.newSession();
    await ensemble.run(createBasePaths(session));
    return ensemble;
  }

  newSession(host: SimulatedHost = this.zookeeper.newHost()): Promise<ZooKeeperSession> {
    this.#generation++;
    const options = {
      clock: this.clock,
      scheduler: host.process,
      links: host.links,
      ensemble: 'zk1:2181',
      chroot: '/',
      timeoutMs: SESSION_TIMEOUT_MS,
      connectDeadlineMs: 50_000,
      onUncaught: (error: unknown) => this.uncaught.push(error),
    };
    return this.run(connectSession(options, this.#generation));
  }

  /** Lets time pass until it is done, a minute at the most. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    promise.then(end, end);
    for (let elapsedMs = 0; !isDone && elapsedMs < 60_000; elapsedMs++) await this.scheduler.advanceBy(1);
    if (!isDone) throw new Error('it does not come to an end');
    return promise;
  }

  textOf(path: string): string | undefined {
    const data = new Map(this.zookeeper.image()?.nodes ?? []).get(path)?.data;
    return data === undefined || data === null ? undefined : Buffer.from(data).toString();
  }

  /** Every path and what it has: two that are the same mean that nothing was written, deleted or created. */
  tree(): string[] {
    return Array.from(this.zookeeper.image()?.nodes ?? [], ([path, { data, mzxid, czxid, pzxid }]) => {
      const text = data === null ? 'null' : Buffer.from(data).toString();
      return `${path} ${text} ${czxid}/${mzxid}/${pzxid}`;
    });
  }

  pathsBelow(parent: string): string[] {
    return Array.from(this.zookeeper.image()?.nodes ?? [], ([path]) => path).filter((path) =>
      path.startsWith(`${parent}/`),
    );
  }
}
