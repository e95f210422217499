import { type LeaderEpoch, leaderEpoch, type Offset, type ProducerId } from '@barnabas/model';
import {
  type BatchInput,
  buildBatch,
  buildEndTransactionMarker,
  type EndOfTransaction,
  type RecordHeader,
  type TimestampType,
} from '@barnabas/protocol';
import { type Appended, deleteBefore, type Log, truncateTo } from '@barnabas/storage';
import type { SimulatedClock } from '@barnabas/testkit';

/** A record that is in the log, with all that a reader is to find. */
export type WrittenRecord = {
  readonly offset: number;
  readonly timestampType: TimestampType;
  readonly timestamp: number;
  readonly sequence: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  /** Of a transaction of this producer, whichever way it ends. */
  readonly transactionOf?: ProducerId;
  /** The record is the marker that ends one. */
  readonly marker?: { readonly kind: EndOfTransaction; readonly coordinatorEpoch: number };
};

export type Producer = { readonly producerId: ProducerId; readonly producerEpoch: number };

const COORDINATOR_EPOCH = 3;

/** Fills a log as its leader and remembers what is in it. */
export class Scribe {
  readonly log: Log;
  readonly clock: SimulatedClock;
  #records: WrittenRecord[] = [];
  #epoch = leaderEpoch(0);
  readonly #sequences = new Map<string, number>();

  constructor(log: Log, clock: SimulatedClock) {
    this.log = log;
    this.clock = clock;
  }

  /** All records that are in the log's files, those below its start included. */
  get records(): readonly WrittenRecord[] {
    return this.#records;
  }

  /** Becomes the leader of the next epochs, with or without writing in them. */
  async lead(epoch: LeaderEpoch): Promise<void> {
    this.#epoch = epoch;
    this.log.beginEpoch(epoch);
  }

  async append(batch: BatchInput, origin: 'client' | 'coordinator' = 'client'): Promise<Appended> {
    const appended = this.log.appendAsLeader(buildBatch(batch), this.#epoch, origin);
    await appended.acknowledged;
    if (!appended.duplicate) this.#records.push(...batch.records.map((_, index) => writtenOf(batch, index, appended)));
    return appended;
  }

  /** Appends with the sequence numbers that are next for the producer. */
  async appendOf(producer: Producer, batch: BatchInput): Promise<Appended> {
    const name = `${producer.producerId}/${producer.producerEpoch}`;
    const baseSequence = batch.baseSequence ?? this.#sequences.get(name) ?? 0;
    this.#sequences.set(name, (baseSequence + batch.records.length) % 2 ** 31);
    return this.append({ ...batch, ...producer, baseSequence });
  }

  async end(kind: EndOfTransaction, producer: Producer, timestamp: number): Promise<void> {
    const marker = { kind, coordinatorEpoch: COORDINATOR_EPOCH };
    const bytes = buildEndTransactionMarker({ ...marker, ...producer, timestamp });
    const appended = this.log.appendAsLeader(bytes, this.#epoch, 'coordinator');
    await appended.acknowledged;
    this.#records.push({
      offset: appended.firstOffset,
      timestampType: 'CreateTime',
      timestamp,
      sequence: -1,
      key: null,
      value: null,
      headers: [],
      transactionOf: producer.producerId,
      marker,
    });
  }

  async truncateTo(end: Offset): Promise<void> {
    await truncateTo(this.log, end);
    this.#records = this.#records.filter(({ offset }) => offset < end);
  }

  /** The segments that are wholly below `start` go, and with them their records. */
  async deleteBefore(start: Offset): Promise<void> {
    await deleteBefore(this.log, start);
    const { baseOffset } = this.log.parts.segments.first;
    this.#records = this.#records.filter(({ offset }) => offset >= baseOffset);
  }
}

const writtenOf = (batch: BatchInput, index: number, { firstOffset, appendTimeMs }: Appended): WrittenRecord => {
  const record = batch.records[index];
  if (record === undefined) throw new RangeError(`record ${index}`);
  const { baseSequence = -1, transactional = false, producerId } = batch;
  return {
    offset: firstOffset + index,
    timestampType: appendTimeMs === undefined ? 'CreateTime' : 'LogAppendTime',
    timestamp: appendTimeMs ?? record.timestamp,
    sequence: baseSequence < 0 ? -1 : (baseSequence + index) % 2 ** 31,
    key: record.key,
    value: record.value,
    headers: record.headers ?? [],
    ...(transactional && producerId !== undefined ? { transactionOf: producerId } : {}),
  };
};

/** What a consumer gets that reads only what is committed: up to the first record of a transaction that is open. */
export const committedOf = (records: readonly WrittenRecord[]): WrittenRecord[] => {
  const open = new Map<ProducerId, WrittenRecord[]>();
  const hidden = new Set<WrittenRecord>();
  for (const record of records) {
    const { transactionOf, marker } = record;
    if (transactionOf === undefined) continue;
    if (marker === undefined) {
      open.set(transactionOf, [...(open.get(transactionOf) ?? []), record]);
      continue;
    }
    if (marker.kind === 'abort') for (const aborted of open.get(transactionOf) ?? []) hidden.add(aborted);
    open.delete(transactionOf);
  }
  const stableEnd = Math.min(...Array.from(open.values(), ([first]) => first?.offset ?? 0));
  return records.filter((record) => record.offset < stableEnd && record.marker === undefined && !hidden.has(record));
};
