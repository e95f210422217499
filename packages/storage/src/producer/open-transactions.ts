import type { Offset, ProducerId } from '@barnabas/model';

/** A transaction whose marker is in the log. */
export type CompletedTransaction = {
  readonly producerId: ProducerId;
  readonly firstOffset: Offset;
  /** Of the marker. */
  readonly lastOffset: Offset;
  readonly isAborted: boolean;
};

type OpenTransaction = { readonly producerId: ProducerId; readonly firstOffset: Offset };

/**
 * The transactions of a partition that keep a read-committed reader back: those that have no marker yet, and those whose
 * marker the high watermark has not passed.
 *
 * Invariant: `#undecided` is in the order of the first offsets, `#unreplicated` in that of the markers.
 */
export class OpenTransactions {
  #undecided: OpenTransaction[] = [];
  #unreplicated: CompletedTransaction[] = [];

  /** The least first offset of them all. */
  get firstUnstableOffset(): Offset | undefined {
    let first = this.#undecided[0]?.firstOffset;
    for (const { firstOffset } of this.#unreplicated) {
      if (first === undefined || firstOffset < first) first = firstOffset;
    }
    return first;
  }

  get isEmpty(): boolean {
    return this.#undecided.length === 0 && this.#unreplicated.length === 0;
  }

  begin(producerId: ProducerId, firstOffset: Offset): void {
    const before = this.#undecided.findLastIndex((transaction) => transaction.firstOffset <= firstOffset);
    this.#undecided.splice(before + 1, 0, { producerId, firstOffset });
  }

  /** Where the oldest undecided transaction of another producer begins. */
  firstUndecidedBeside(producerId: ProducerId): Offset | undefined {
    return this.#undecided.find((transaction) => transaction.producerId !== producerId)?.firstOffset;
  }

  complete(completed: CompletedTransaction): void {
    const index = this.#undecided.findIndex(
      ({ producerId, firstOffset }) => producerId === completed.producerId && firstOffset === completed.firstOffset,
    );
    if (index < 0) {
      throw new Error(`producer ${completed.producerId} has no open transaction from ${completed.firstOffset}`);
    }
    this.#undecided.splice(index, 1);
    this.#unreplicated.push(completed);
  }

  /** Forgets the completed ones whose marker is below the offset. */
  forgetCompletedBefore(offset: Offset): void {
    const kept = this.#unreplicated.findIndex(({ lastOffset }) => lastOffset >= offset);
    this.#unreplicated = kept < 0 ? [] : this.#unreplicated.slice(kept);
  }

  clear(): void {
    this.#undecided = [];
    this.#unreplicated = [];
  }
}
