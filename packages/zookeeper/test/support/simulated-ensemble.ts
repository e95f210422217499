import {
  SimulatedClock,
  type SimulatedHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import type { ConnectOptions } from '../../src/session/connect-session.ts';

/** A `SimulatedZooKeeper`, and what its clients need. */
export class SimulatedEnsemble {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly zookeeper: SimulatedZooKeeper;
  readonly uncaught: unknown[] = [];

  constructor(seed = 1) {
    this.zookeeper = new SimulatedZooKeeper({
      clock: this.clock,
      scheduler: this.scheduler,
      random: seededRandom(seed),
    });
  }

  /** To connect from `host` with: a session timeout of 3 s, no chroot. */
  optionsOf(host: SimulatedHost): ConnectOptions {
    return {
      clock: this.clock,
      scheduler: host.process,
      links: host.links,
      ensemble: 'zk1:2181,zk2:2181',
      chroot: '/',
      timeoutMs: 3000,
      connectDeadlineMs: 2000,
      onUncaught: (error) => this.uncaught.push(error),
    };
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

  paths(): string[] {
    return [...(this.zookeeper.image()?.nodes ?? [])].map(([path]) => path);
  }
}
