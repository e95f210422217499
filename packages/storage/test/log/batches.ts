import { leaderEpoch, offset, producerId } from '@barnabas/model';
import {
  type BatchInput,
  baseOffsetOf,
  batchBytesOf,
  batchesIn,
  buildBatch,
  buildEndTransactionMarker,
  type EndOfTransaction,
  lastOffsetOf,
} from '@barnabas/protocol';

/** A wall time that fits all tests: 2025-01-01. */
export const T0 = 1_735_689_600_000;
export const EPOCH = leaderEpoch(0);

export type BatchChanges = Partial<Omit<BatchInput, 'records'>> & {
  readonly count?: number;
  /** Of all records. */
  readonly timestamp?: number;
  readonly valueBytes?: number;
  readonly key?: Buffer | null;
};

/** A batch as a producer sends it: from offset 0, `count` records of `valueBytes` each. */
export const produced = (changes: BatchChanges = {}): Buffer => {
  const { count = 1, timestamp = T0, valueBytes = 10, key = Buffer.from('k'), ...rest } = changes;
  const value = Buffer.alloc(valueBytes, 'v');
  return buildBatch({
    ...rest,
    records: Array.from({ length: count }, () => ({ key, value, headers: [], timestamp })),
  });
};

/** A batch as a follower gets it from the leader: at its offset and with the leader's epoch. */
export const replicated = (baseOffset: number, changes: BatchChanges = {}): Buffer =>
  produced({ leaderEpoch: EPOCH, ...changes, baseOffset: offset(baseOffset) });

/** A batch with sequence numbers. */
export const sequenced = (baseSequence: number, changes: BatchChanges = {}): Buffer =>
  produced({ producerId: producerId(7), producerEpoch: 0, baseSequence, ...changes });

export const transactional = (id: number, baseSequence: number, changes: BatchChanges = {}): Buffer =>
  sequenced(baseSequence, { producerId: producerId(id), transactional: true, ...changes });

/** The marker that ends the transaction of a producer. */
export const marker = (kind: EndOfTransaction, id: number, timestamp = T0): Buffer =>
  buildEndTransactionMarker({ kind, producerId: producerId(id), producerEpoch: 0, coordinatorEpoch: 0, timestamp });

/** First and last offset of each whole batch. */
export const rangesOf = (bytes: Buffer): [number, number][] =>
  Array.from(batchesIn(bytes), (at) => [baseOffsetOf(bytes, at), lastOffsetOf(bytes, at)]);

/** The whole batches, each by itself. */
export const split = (bytes: Buffer): Buffer[] =>
  Array.from(batchesIn(bytes), (at) => bytes.subarray(at, at + batchBytesOf(bytes, at)));
