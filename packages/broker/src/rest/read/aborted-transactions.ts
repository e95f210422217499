import {
  batchBytesOf,
  isControl,
  isTransactional,
  lastOffsetOf,
  producerIdOf,
  readControlRecord,
  records,
} from '@barnabas/protocol';

export type AbortedTransaction = { readonly producerId: number; readonly firstOffset: number };

/**
 * Tells records of aborted transactions from all others, batch by batch in their order, as Kafka's consumers do: from the
 * first offset of an aborted transaction on, its producer's transactional batches are to be left out, up to its marker.
 */
export class AbortedTransactions {
  readonly #toCome: AbortedTransaction[];
  readonly #aborting = new Set<number>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#toCome = Array.from(aborted).sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether the batch at `at` is part of an aborted transaction. Every batch has to be shown, markers too. */
  isAborted(bytes: Buffer, at: number): boolean {
    this.#beginUpTo(lastOffsetOf(bytes, at));
    const producer = producerIdOf(bytes, at);
    if (!this.#aborting.has(producer)) return false;
    if (isControl(bytes, at)) {
      if (isAbortMarker(bytes, at)) this.#aborting.delete(producer);
      return false;
    }
    return isTransactional(bytes, at);
  }

  #beginUpTo(lastOffset: number): void {
    for (let next = this.#toCome[0]; next !== undefined && next.firstOffset <= lastOffset; next = this.#toCome[0]) {
      this.#aborting.add(next.producerId);
      this.#toCome.shift();
    }
  }
}

/** A marker is small and never compressed. */
const isAbortMarker = (bytes: Buffer, at: number): boolean => {
  const [marker] = records(bytes, at, batchBytesOf(bytes, at));
  return marker !== undefined && readControlRecord(marker).kind === 'abort';
};
