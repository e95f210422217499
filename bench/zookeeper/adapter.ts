import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { ANY_VERSION, connectSession, ensembleOptions, type ZooKeeperSession } from '@barnabas/zookeeper';

/** Far more than any case has in flight: the cases bound it themselves. */
const limits = { maxInFlight: 10_000 };

/** Our session over the adapter. Ends with `close`. */
export class Adapter {
  readonly #session: ZooKeeperSession;

  private constructor(session: ZooKeeperSession) {
    this.#session = session;
  }

  static async connect(connectString: string): Promise<Adapter> {
    const options = ensembleOptions({
      connectString,
      timeoutMs: 30_000,
      limits,
      clock: systemClock,
      scheduler: systemScheduler,
      random: systemRandom,
      onUncaught: fail,
    });
    const session = await connectSession(options, 1);
    return new Adapter(session);
  }

  get(path: string, done: () => void): void {
    this.#session.get(path).then(done, fail);
  }

  set(path: string, data: Buffer, done: () => void): void {
    this.#session.set(path, data, ANY_VERSION).then(done, fail);
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

function fail(error: unknown): never {
  // A benchmark in which something fails measures something else.
  console.error(error);
  process.exit(1);
}
