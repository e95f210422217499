import { type Outcome, ZooKeeperError } from '@barnabas/zookeeper';

/** What became of writes, by what they wrote. */
export class WriteLog {
  readonly #outcomes = new Map<number, 'done' | Outcome>();

  /** Notes what `write` came to; never rejects for a reason of ZooKeeper's. */
  async note(value: number, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      this.#outcomes.set(value, 'done');
    } catch (error) {
      if (!(error instanceof ZooKeeperError)) throw error;
      this.#outcomes.set(value, error.outcome);
    }
  }

  /** In the order in which they were written. */
  of(outcome: 'done' | Outcome): number[] {
    return [...this.#outcomes].filter(([, other]) => other === outcome).map(([value]) => value);
  }
}
