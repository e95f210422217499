/**
 * Makes record batches: of records, of the marker that ends a transaction, and of nothing at all. The bytes are those
 * that Kafka's own writer makes of the same input, but for what a compressor is free to choose.
 */
import {
  KafkaError,
  type LeaderEpoch,
  NO_LEADER_EPOCH,
  NO_PRODUCER_ID,
  type Offset,
  offset,
  type ProducerId,
} from '@barnabas/model';
import { compress } from '../compression/compression.ts';
import { sealBatch } from './batch-crc.ts';
import {
  ATTRIBUTES_AT,
  BATCH_HEADER_BYTES,
  type Codec,
  encodeAttributes,
  LOG_OVERHEAD_BYTES,
  MAGIC_AT,
  MAGIC_V2,
  type TimestampType,
  writeInt64,
} from './batch-header.ts';
import { type EndOfTransaction, encodeEndTransactionMarker } from './control-record.ts';
import type { RecordContent } from './record.ts';
import { type MeasuredRecord, measureRecord, writeRecord } from './record-writer.ts';

/** What batches of every kind may say; left out, it is offset 0, no epoch, no producer, create time. */
type BatchOptions = {
  readonly baseOffset?: Offset;
  readonly leaderEpoch?: LeaderEpoch;
  readonly timestampType?: TimestampType;
  readonly producerId?: ProducerId;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
  readonly control?: boolean;
};

/** A record for a batch. Its offset is the one after the record before it, or the base offset, where it gives none. */
export type RecordInput = RecordContent & { readonly offset?: Offset; readonly timestamp: number };

export type BatchInput = BatchOptions & {
  readonly records: readonly RecordInput[];
  readonly codec?: Codec;
  /** See `compress`. */
  readonly level?: number;
  /** Where offsets after the last record belong to the batch as well, as compaction leaves it. */
  readonly lastOffsetDelta?: number;
  /** When the tombstones may go; it then stands in the base timestamp, and the deltas count from it. */
  readonly deleteHorizonMs?: number;
};

type HeaderFields = BatchOptions & {
  readonly codec: Codec;
  readonly hasDeleteHorizon: boolean;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly recordCount: number;
};

const MAX_BATCH_BYTES = 0x7fff_ffff;

/** Header and stored records as one sealed batch. */
const assemble = (fields: HeaderFields, stored: Buffer): Buffer => {
  const { timestampType = 'CreateTime', transactional = false, control = false } = fields;
  const bytes = Buffer.allocUnsafe(BATCH_HEADER_BYTES + stored.length);
  writeInt64(bytes, fields.baseOffset ?? 0, 0);
  bytes.writeInt32BE(bytes.length - LOG_OVERHEAD_BYTES, 8);
  bytes.writeInt32BE(fields.leaderEpoch ?? NO_LEADER_EPOCH, 12);
  bytes.writeInt8(MAGIC_V2, MAGIC_AT);
  bytes.writeInt16BE(encodeAttributes({ ...fields, timestampType, transactional, control }), ATTRIBUTES_AT);
  bytes.writeInt32BE(fields.lastOffsetDelta, 23);
  writeInt64(bytes, fields.baseTimestamp, 27);
  writeInt64(bytes, fields.maxTimestamp, 35);
  writeInt64(bytes, fields.producerId ?? NO_PRODUCER_ID, 43);
  bytes.writeInt16BE(fields.producerEpoch ?? -1, 51);
  bytes.writeInt32BE(fields.baseSequence ?? -1, 53);
  bytes.writeInt32BE(fields.recordCount, 57);
  stored.copy(bytes, BATCH_HEADER_BYTES);
  sealBatch(bytes);
  return bytes;
};

const measureAll = (records: readonly RecordInput[], baseOffset: number, baseTimestamp: number): MeasuredRecord[] => {
  let previousDelta = -1;
  return records.map((record) => {
    const offsetDelta = record.offset === undefined ? previousDelta + 1 : record.offset - baseOffset;
    if (offsetDelta <= previousDelta) {
      throw new KafkaError('INVALID_RECORD', `offset ${record.offset} after ${baseOffset + previousDelta}`);
    }
    const timestampDelta = record.timestamp - baseTimestamp;
    if (!Number.isSafeInteger(record.timestamp) || !Number.isSafeInteger(timestampDelta)) {
      throw new KafkaError('INVALID_TIMESTAMP', `timestamp ${record.timestamp}`);
    }
    previousDelta = offsetDelta;
    return measureRecord(record, timestampDelta, offsetDelta);
  });
};

const encodeRecords = (measured: readonly MeasuredRecord[]): Buffer => {
  const sizeBytes = measured.reduce((sum, record) => sum + record.sizeBytes, 0);
  if (sizeBytes > MAX_BATCH_BYTES - BATCH_HEADER_BYTES) {
    throw new KafkaError('MESSAGE_TOO_LARGE', `records of ${sizeBytes} bytes for one batch`);
  }
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let at = 0;
  for (const record of measured) at = writeRecord(bytes, record, at);
  return bytes;
};

/**
 * A sealed batch of at least one record. Timestamps are epoch ms, or -1 for none; the base timestamp is the first one's.
 * For a LogAppendTime batch stamp it with `stampLogAppendTime`, or give all its records the same timestamp.
 * Throws KafkaError: INVALID_RECORD without records, or where an offset does not follow the one before; INVALID_TIMESTAMP
 * beyond 2^53; MESSAGE_TOO_LARGE beyond 2 GiB.
 */
export const buildBatch = (batch: BatchInput): Buffer => {
  const [first] = batch.records;
  if (first === undefined) throw new KafkaError('INVALID_RECORD', 'a batch of no records');
  const baseTimestamp = batch.deleteHorizonMs ?? first.timestamp;
  const measured = measureAll(batch.records, batch.baseOffset ?? 0, baseTimestamp);
  const codec = batch.codec ?? 'none';
  const lastDelta = measured.at(-1)?.offsetDelta ?? 0;
  const lastOffsetDelta = batch.lastOffsetDelta ?? lastDelta;
  if (lastOffsetDelta < lastDelta) {
    throw new KafkaError('INVALID_RECORD', `last offset delta ${lastOffsetDelta}, but a record at ${lastDelta}`);
  }
  const fields: HeaderFields = {
    ...batch,
    codec,
    hasDeleteHorizon: batch.deleteHorizonMs !== undefined,
    lastOffsetDelta,
    baseTimestamp,
    maxTimestamp: batch.records.reduce((max, record) => Math.max(max, record.timestamp), -1),
    recordCount: measured.length,
  };
  return assemble(fields, compress(codec, encodeRecords(measured), batch.level));
};

/** What remains of a batch whose records are all compacted away. */
export type EmptyBatchInput = BatchOptions & {
  readonly baseOffset: Offset;
  readonly lastOffsetDelta: number;
  readonly maxTimestamp: number;
};

/**
 * A batch without records: the cleaner keeps the last batch of a live producer in this form, for its offsets and its
 * sequence numbers.
 */
export const buildEmptyBatch = (batch: EmptyBatchInput): Buffer =>
  assemble({ ...batch, codec: 'none', hasDeleteHorizon: false, baseTimestamp: -1, recordCount: 0 }, Buffer.alloc(0));

export type EndTransactionMarkerInput = {
  readonly kind: EndOfTransaction;
  readonly producerId: ProducerId;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly baseOffset?: Offset;
  readonly leaderEpoch?: LeaderEpoch;
};

/** The control batch that ends a transaction on a partition. */
export const buildEndTransactionMarker = (marker: EndTransactionMarkerInput): Buffer => {
  const { kind, coordinatorEpoch, timestamp, baseOffset = offset(0), ...rest } = marker;
  const record = { timestamp, ...encodeEndTransactionMarker(kind, coordinatorEpoch) };
  return buildBatch({ ...rest, baseOffset, transactional: true, control: true, records: [record] });
};
