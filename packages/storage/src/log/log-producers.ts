import { KafkaError, type Offset, offset } from '@barnabas/model';
import {
  baseSequenceOf,
  isControl,
  isTransactional,
  lastOffsetDeltaOf,
  lastOffsetOf,
  lastSequenceOf,
  maxTimestampOf,
  producerEpochOf,
  producerIdOf,
  readControlRecord,
  records,
} from '@barnabas/protocol';
import type { ProducerBatch, TransactionMarker } from '../producer/producer-entry.ts';
import type { ProducerOrigin, ProducerStates } from '../producer/producer-state.ts';
import type { AbortedTransaction } from '../transaction/aborted-transactions.ts';

/** The offsets of a batch that the producer had sent before. */
export type EarlierAppend = {
  readonly firstOffset: Offset;
  readonly lastOffset: Offset;
  readonly appendTimeMs: number | undefined;
};

/** The producer states of a log, fed with the bytes of its batches. */
export class LogProducers {
  states: ProducerStates;

  constructor(states: ProducerStates) {
    this.states = states;
  }

  /**
   * Whether the batch may be appended at `base`; answers where it is if it was appended before. Changes nothing.
   * @throws the producer-state errors, INVALID_RECORD for a control batch without a control record
   */
  check(bytes: Buffer, at: number, base: Offset, origin: ProducerOrigin): EarlierAppend | undefined {
    if (producerIdOf(bytes, at) < 0) return undefined;
    if (isControl(bytes, at)) {
      const marker = markerOf(bytes, at, base);
      if (marker !== undefined) this.states.checkMarker(marker);
      return undefined;
    }
    const verdict = this.states.check(batchOf(bytes, at, base), origin);
    if (verdict.kind === 'append') return undefined;
    return { firstOffset: verdict.firstOffset, lastOffset: verdict.lastOffset, appendTimeMs: verdict.timestamp };
  }

  /** Makes sure that `apply` can take in a batch that the leader has. @throws INVALID_RECORD, as `check` */
  checkReplicated(bytes: Buffer, at: number): void {
    if (producerIdOf(bytes, at) >= 0 && isControl(bytes, at)) markerOf(bytes, at, offset(0));
  }

  /** Why `apply` cannot take in a batch whose checksum is right; undefined if it can. */
  faultOf(bytes: Buffer, at: number): string | undefined {
    try {
      this.checkReplicated(bytes, at);
      return undefined;
    } catch (error) {
      if (error instanceof KafkaError) return error.message;
      throw error;
    }
  }

  /** Notes a batch that is in the log; answers the transaction that it aborted, for the transaction index. */
  apply(bytes: Buffer, at: number): AbortedTransaction | undefined {
    if (producerIdOf(bytes, at) < 0) return undefined;
    const first = offset(lastOffsetOf(bytes, at) - lastOffsetDeltaOf(bytes, at));
    if (!isControl(bytes, at)) {
      this.states.apply(batchOf(bytes, at, first));
      return undefined;
    }
    const marker = markerOf(bytes, at, first);
    const completed = marker && this.states.applyMarker(marker);
    if (completed === undefined) return undefined;
    const lastStableOffset = this.states.lastStableOffsetFor(completed);
    this.states.completeTransaction(completed);
    const { producerId, firstOffset, lastOffset } = completed;
    return completed.isAborted ? { producerId, firstOffset, lastOffset, lastStableOffset } : undefined;
  }
}

const batchOf = (bytes: Buffer, at: number, firstOffset: Offset): ProducerBatch => ({
  producerId: producerIdOf(bytes, at),
  producerEpoch: producerEpochOf(bytes, at),
  baseSequence: baseSequenceOf(bytes, at),
  lastSequence: lastSequenceOf(bytes, at),
  firstOffset,
  lastOffset: offset(firstOffset + lastOffsetDeltaOf(bytes, at)),
  maxTimestamp: maxTimestampOf(bytes, at),
  transactional: isTransactional(bytes, at),
});

/** The end of a transaction that a control batch marks; undefined for other control batches and emptied ones. */
const markerOf = (bytes: Buffer, at: number, firstOffset: Offset): TransactionMarker | undefined => {
  for (const record of records(bytes, at)) {
    const control = readControlRecord(record);
    if (control.kind === 'other') return undefined;
    return {
      producerId: producerIdOf(bytes, at),
      producerEpoch: producerEpochOf(bytes, at),
      coordinatorEpoch: control.coordinatorEpoch,
      kind: control.kind,
      offset: firstOffset,
      timestamp: maxTimestampOf(bytes, at),
    };
  }
  return undefined;
};
