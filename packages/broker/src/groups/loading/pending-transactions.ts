import type { ProducerId } from '@barnabas/model';
import type { EndOfTransaction, OffsetsRecord } from '@barnabas/protocol';

type Commit = OffsetsRecord & { type: 'offset-commit' };

/**
 * Offsets that were committed within transactions, as they are met in the log: they count once the marker that ends theirs has
 * come, and only where that commits it. An offset that is committed outside of one after them, and before the marker, is newer than
 * they are: they do not count any more (Kafka's rule).
 */
export class PendingTransactions {
  readonly #pending = new Map<ProducerId, Map<string, Commit>>();

  add(producer: ProducerId, commit: Commit): void {
    const commits = this.#pending.get(producer) ?? new Map<string, Commit>();
    this.#pending.set(producer, commits);
    commits.set(keyOf(commit), commit);
  }

  /** Was committed outside of a transaction. */
  passBy(commit: Commit): void {
    if (this.#pending.size === 0) return;
    const key = keyOf(commit);
    for (const commits of this.#pending.values()) commits.delete(key);
  }

  /** What counts from now on. */
  end(producer: ProducerId, kind: EndOfTransaction): readonly Commit[] {
    const commits = this.#pending.get(producer);
    this.#pending.delete(producer);
    return commits === undefined || kind === 'abort' ? [] : [...commits.values()];
  }
}

const keyOf = ({ key: { data } }: Commit): string => JSON.stringify([data.group, data.topic, data.partition]);
