import { KafkaError } from '@barnabas/model';
import { untilAnswered, ZooKeeperError, type ZooKeeperSession } from '@barnabas/zookeeper';

/**
 * What is known of a change that is being made. Once a write had no answer it may have been done: what is there has to be
 * looked at before it is written again, and until it has been found out nothing else can be said of it.
 */
export class Attempts {
  #mayBeDone = false;

  get mayBeDone(): boolean {
    return this.#mayBeDone;
  }

  /** Each request that changes something goes through this. */
  async write<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof ZooKeeperError && error.outcome === 'unknown') this.#mayBeDone = true;
      throw error;
    }
  }

  /** It has been found out that nothing was done so far. */
  notDone(): void {
    this.#mayBeDone = false;
  }
}

/**
 * Makes a change: `attempt` is called again where there was no connection (see `untilAnswered`), with what is known by then.
 *
 * Rejects with REQUEST_TIMED_OUT where it may have been done, else with what `attempt` throws; SESSION_EXPIRED once the session
 * is LOST.
 */
export async function writeOnce<T>(session: ZooKeeperSession, attempt: (attempts: Attempts) => Promise<T>): Promise<T> {
  const attempts = new Attempts();
  try {
    return await untilAnswered(session, () => attempt(attempts));
  } catch (error) {
    if (!attempts.mayBeDone) throw error;
    const message = 'ZooKeeper gave no answer: it may have been done, or not. Look before you ask again.';
    throw new KafkaError('REQUEST_TIMED_OUT', message, { cause: error });
  }
}
