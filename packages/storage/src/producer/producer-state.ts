import { type Offset, offset, type ProducerId } from '@barnabas/model';
import { inJavaHashOrder } from './java-hash-order.ts';
import { type CompletedTransaction, OpenTransactions } from './open-transactions.ts';
import { type ProducerBatch, ProducerEntry, type TransactionMarker } from './producer-entry.ts';
import {
  InvalidProducerEpochError,
  InvalidTransactionStateError,
  OutOfOrderSequenceError,
  TransactionCoordinatorFencedError,
} from './producer-errors.ts';
import type { ProducerSnapshotEntry } from './producer-snapshot.ts';
import { isNextSequence } from './sequence.ts';

export type { CompletedTransaction } from './open-transactions.ts';
export type { ProducerBatch, TransactionMarker } from './producer-entry.ts';

/**
 * Who sends a batch to the leader. A group coordinator writes the offsets that are committed in a transaction under the
 * client's producer id, without sequences: of such a batch only the epoch and the transaction are checked.
 */
export type ProducerOrigin = 'client' | 'coordinator';

/** What to do with a batch: append it, or answer with where the same one already is. */
export type ProducerDecision =
  | { readonly kind: 'append' }
  | {
      readonly kind: 'duplicate';
      readonly firstOffset: Offset;
      readonly lastOffset: Offset;
      /** The largest of the batch, milliseconds since 1970. */
      readonly timestamp: number;
    };

const APPEND: ProducerDecision = { kind: 'append' };

/**
 * What a partition knows of its producers: the basis of idempotent and transactional writes. The leader asks `check`
 * before it appends; leader, follower and recovery call `apply` for what the log has, in the order of the offsets, and
 * so arrive at the same state. Pure: it has no clock and does no I/O.
 *
 * The end of a transaction takes three steps, so that the transaction index is written before the last stable offset may
 * move: `applyMarker`, then, for an aborted one, an index entry with `lastStableOffsetFor`, then `completeTransaction`.
 *
 * Source of the rules: KIP-98 and Kafka's ProducerStateManager, ProducerAppendInfo.
 */
export class ProducerStates {
  readonly #producers = new Map<ProducerId, ProducerEntry>();
  readonly #transactions = new OpenTransactions();
  #endOffset = offset(0);

  /** Up to, but without, which offset the log has been applied. */
  get endOffset(): Offset {
    return this.#endOffset;
  }

  get producerCount(): number {
    return this.#producers.size;
  }

  get isEmpty(): boolean {
    return this.#producers.size === 0 && this.#transactions.isEmpty;
  }

  /**
   * Where the oldest transaction begins that is open, or whose marker the high watermark has not passed. The last stable
   * offset is this or the high watermark, whichever is less.
   */
  get firstUnstableOffset(): Offset | undefined {
    return this.#transactions.firstUnstableOffset;
  }

  /**
   * Decides on a batch that is sent to the leader; changes nothing. Its offsets serve the messages only.
   *
   * A producer that is not known may begin with any sequence: its state may have expired.
   *
   * @throws InvalidProducerEpochError
   * @throws OutOfOrderSequenceError
   * @throws InvalidTransactionStateError
   */
  check(batch: ProducerBatch, origin: ProducerOrigin = 'client'): ProducerDecision {
    const producer = this.#producers.get(batch.producerId);
    if (producer === undefined) return APPEND;
    const duplicate = origin === 'client' ? producer.duplicateOf(batch) : undefined;
    if (duplicate !== undefined) return { kind: 'duplicate', ...duplicate };
    checkEpoch(producer, batch.producerEpoch, batch.firstOffset);
    if (origin === 'client') checkSequence(producer, batch);
    if (producer.transactionOffset !== undefined && !batch.transactional) {
      throw new InvalidTransactionStateError(batch.producerId, batch.firstOffset, producer.transactionOffset);
    }
    return APPEND;
  }

  /**
   * Decides on a marker that a transaction coordinator sends to the leader; changes nothing.
   *
   * @throws InvalidProducerEpochError
   * @throws TransactionCoordinatorFencedError
   */
  checkMarker(marker: TransactionMarker): void {
    const producer = this.#producers.get(marker.producerId);
    if (producer === undefined) return;
    checkEpoch(producer, marker.producerEpoch, marker.offset);
    if (marker.coordinatorEpoch < producer.coordinatorEpoch) {
      const { producerId, coordinatorEpoch } = marker;
      throw new TransactionCoordinatorFencedError(
        producerId,
        marker.offset,
        coordinatorEpoch,
        producer.coordinatorEpoch,
      );
    }
  }

  /** Takes in a batch that the log has. Does not judge it: the leader that appended it has done so. */
  apply(batch: ProducerBatch): void {
    const began = this.#producer(batch.producerId, batch.producerEpoch).append(batch);
    if (began) this.#transactions.begin(batch.producerId, batch.firstOffset);
    this.advanceTo(offset(batch.lastOffset + 1));
  }

  /** Takes in a marker that the log has. @returns the transaction that it ends; undefined if there is no data of one */
  applyMarker(marker: TransactionMarker): CompletedTransaction | undefined {
    const { producerId, producerEpoch, kind } = marker;
    const firstOffset = this.#producer(producerId, producerEpoch).endTransaction(marker);
    this.advanceTo(offset(marker.offset + 1));
    if (firstOffset === undefined) return undefined;
    return { producerId, firstOffset, lastOffset: marker.offset, isAborted: kind === 'abort' };
  }

  /** What the last stable offset will be once the transaction is completed and replicated: for the transaction index. */
  lastStableOffsetFor(completed: CompletedTransaction): Offset {
    return this.#transactions.firstUndecidedBeside(completed.producerId) ?? offset(completed.lastOffset + 1);
  }

  /** The transaction no longer is undecided; it stays unstable until `onHighWatermark` passes its marker. */
  completeTransaction(completed: CompletedTransaction): void {
    this.#transactions.complete(completed);
  }

  /** Transactions whose marker is below the high watermark are stable. */
  onHighWatermark(highWatermark: Offset): void {
    this.#transactions.forgetCompletedBefore(highWatermark);
  }

  /** The log has been applied up to here, the batches without a producer id included. Never goes back. */
  advanceTo(endOffset: Offset): void {
    if (endOffset > this.#endOffset) this.#endOffset = endOffset;
  }

  /** What is below the new log start has been removed, and is stable. */
  onLogStartOffsetIncremented(logStartOffset: Offset): void {
    this.#transactions.forgetCompletedBefore(logStartOffset);
    this.advanceTo(logStartOffset);
  }

  /** Forgets everything; the log will be applied from the offset. */
  truncateFullyAndStartAt(startOffset: Offset): void {
    this.#producers.clear();
    this.#transactions.clear();
    this.#endOffset = startOffset;
  }

  /** Forgets producers that have been silent for so long, by the timestamps of their records, save in a transaction. */
  removeExpired(nowMs: number, expirationMs: number): void {
    for (const [id, producer] of this.#producers) {
      if (producer.isExpired(nowMs, expirationMs)) this.#producers.delete(id);
    }
  }

  /** In the order in which Kafka writes them. */
  snapshotEntries(): ProducerSnapshotEntry[] {
    const entries = Array.from(this.#producers.values(), (producer) => producer.snapshot());
    return inJavaHashOrder(entries, ({ producerId }) => producerId);
  }

  /** Takes in a snapshot, without the expired: to be called after `truncateFullyAndStartAt` with the snapshot's offset. */
  load(entries: readonly ProducerSnapshotEntry[], nowMs: number, expirationMs: number): void {
    for (const entry of entries) {
      const producer = ProducerEntry.of(entry);
      if (producer.isExpired(nowMs, expirationMs)) continue;
      this.#producers.set(entry.producerId, producer);
      if (producer.transactionOffset === undefined) continue;
      this.#transactions.begin(entry.producerId, producer.transactionOffset);
    }
  }

  #producer(id: ProducerId, epoch: number): ProducerEntry {
    const known = this.#producers.get(id);
    if (known !== undefined) return known;
    const producer = new ProducerEntry(id, epoch);
    this.#producers.set(id, producer);
    return producer;
  }
}

function checkEpoch(producer: ProducerEntry, epoch: number, at: Offset): void {
  if (epoch < producer.epoch) throw new InvalidProducerEpochError(producer.producerId, at, epoch, producer.epoch);
}

/** A new epoch begins at 0, also where a marker has announced it. */
function checkSequence(producer: ProducerEntry, { producerEpoch, baseSequence, firstOffset }: ProducerBatch): void {
  const last = producerEpoch === producer.epoch ? producer.lastSequence : -1;
  if (isNextSequence(baseSequence, last)) return;
  throw new OutOfOrderSequenceError(producer.producerId, firstOffset, baseSequence, (last + 1) % 2 ** 31);
}
