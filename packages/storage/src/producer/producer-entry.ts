import { advance, type Offset, type ProducerId } from '@barnabas/model';
import type { ProducerSnapshotEntry } from './producer-snapshot.ts';
import { NO_SEQUENCE, sequenceBefore } from './sequence.ts';

/** How many batches of a producer are remembered: as many as an idempotent client has in flight. */
const REMEMBERED_BATCHES = 5;

/** A batch of records with a producer id, as the log has it or is about to. */
export type ProducerBatch = {
  readonly producerId: ProducerId;
  readonly producerEpoch: number;
  /** Of the first and the last record; -1 where there is none, as in offsets committed by a group coordinator. */
  readonly baseSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: Offset;
  readonly lastOffset: Offset;
  /** Milliseconds since 1970. */
  readonly maxTimestamp: number;
  readonly transactional: boolean;
};

/** A control batch: the end of a producer's transaction in this partition. */
export type TransactionMarker = {
  readonly producerId: ProducerId;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly kind: 'commit' | 'abort';
  readonly offset: Offset;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
};

type RememberedBatch = {
  readonly lastSequence: number;
  readonly lastOffset: Offset;
  readonly offsetDelta: number;
  readonly timestamp: number;
};

/**
 * What a partition knows of one producer.
 *
 * Invariant: the remembered batches are of the current epoch, the oldest first, and 5 at most.
 */
export class ProducerEntry {
  readonly producerId: ProducerId;
  #epoch: number;
  #coordinatorEpoch = -1;
  #lastTimestamp = -1;
  #transactionOffset: Offset | undefined;
  #batches: RememberedBatch[] = [];

  constructor(producerId: ProducerId, epoch: number) {
    this.producerId = producerId;
    this.#epoch = epoch;
  }

  /** As a snapshot tells it, which holds the last batch only. */
  static of(snapshot: ProducerSnapshotEntry): ProducerEntry {
    const entry = new ProducerEntry(snapshot.producerId, snapshot.producerEpoch);
    entry.#coordinatorEpoch = snapshot.coordinatorEpoch;
    entry.#lastTimestamp = snapshot.timestamp;
    entry.#transactionOffset = snapshot.currentTxnFirstOffset;
    if (snapshot.lastBatch !== undefined) entry.#batches = [{ ...snapshot.lastBatch, timestamp: snapshot.timestamp }];
    return entry;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get coordinatorEpoch(): number {
    return this.#coordinatorEpoch;
  }

  /** Where the open transaction begins. */
  get transactionOffset(): Offset | undefined {
    return this.#transactionOffset;
  }

  /** Of the last batch; -1 where none of the current epoch is known. */
  get lastSequence(): number {
    return this.#batches.at(-1)?.lastSequence ?? NO_SEQUENCE;
  }

  /** The remembered batch with the very same sequences. */
  duplicateOf(batch: ProducerBatch): { firstOffset: Offset; lastOffset: Offset; timestamp: number } | undefined {
    if (batch.producerEpoch !== this.#epoch) return undefined;
    const found = this.#batches.find(
      ({ lastSequence, offsetDelta }) =>
        lastSequence === batch.lastSequence && sequenceBefore(lastSequence, offsetDelta) === batch.baseSequence,
    );
    if (found === undefined) return undefined;
    const { lastOffset, offsetDelta, timestamp } = found;
    return { firstOffset: advance(lastOffset, -offsetDelta), lastOffset, timestamp };
  }

  /** An open transaction keeps a producer, however long it has been silent. */
  isExpired(nowMs: number, expirationMs: number): boolean {
    return this.#transactionOffset === undefined && nowMs - this.#lastTimestamp >= expirationMs;
  }

  /** @returns whether the batch begins a transaction */
  append(batch: ProducerBatch): boolean {
    this.#enterEpoch(batch.producerEpoch);
    if (this.#batches.length === REMEMBERED_BATCHES) this.#batches.shift();
    this.#batches.push({
      lastSequence: batch.lastSequence,
      lastOffset: batch.lastOffset,
      offsetDelta: batch.lastOffset - batch.firstOffset,
      timestamp: batch.maxTimestamp,
    });
    this.#lastTimestamp = batch.maxTimestamp;
    if (!batch.transactional || this.#transactionOffset !== undefined) return false;
    this.#transactionOffset = batch.firstOffset;
    return true;
  }

  /** @returns where the transaction began that is over now, if there was one */
  endTransaction(marker: TransactionMarker): Offset | undefined {
    const began = this.#transactionOffset;
    this.#enterEpoch(marker.producerEpoch);
    this.#coordinatorEpoch = marker.coordinatorEpoch;
    this.#lastTimestamp = marker.timestamp;
    this.#transactionOffset = undefined;
    return began;
  }

  snapshot(): ProducerSnapshotEntry {
    const last = this.#batches.at(-1);
    return {
      producerId: this.producerId,
      producerEpoch: this.#epoch,
      lastBatch: last && {
        lastSequence: last.lastSequence,
        lastOffset: last.lastOffset,
        offsetDelta: last.offsetDelta,
      },
      timestamp: this.#lastTimestamp,
      coordinatorEpoch: this.#coordinatorEpoch,
      currentTxnFirstOffset: this.#transactionOffset,
    };
  }

  #enterEpoch(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#batches = [];
  }
}
