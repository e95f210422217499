import { decompress } from '../compression/compression.ts';
import { DecompressionError } from '../compression/decompression-error.ts';
import { BatchError } from './batch-errors.ts';
import { batchErrorFor, frameFault } from './batch-frame.ts';
import {
  attributesOf,
  BATCH_HEADER_BYTES,
  baseOffsetOf,
  baseSequenceOf,
  baseTimestampOf,
  batchBytesOf,
  codecOf,
  lastOffsetDeltaOf,
  maxTimestampOf,
  recordCountOf,
  timestampTypeOf,
} from './batch-header.ts';
import type { LogRecord } from './record.ts';
import { MalformedRecordError, MIN_RECORD_BYTES, type RecordBase, readRecord } from './record-reader.ts';
import { VarintError } from './varint.ts';

/** How large the records of one batch may become where the caller does not say. */
export const DEFAULT_DECOMPRESSED_BYTES_MAX = 256 * 1024 * 1024;

/** The records of the batch, decompressed but not decoded. */
const recordBytesOf = (bytes: Buffer, at: number, limitBytes: number): Buffer => {
  const found = frameFault(bytes, at, bytes.length);
  if (found !== undefined) throw batchErrorFor(found, at);
  const codec = codecOf(bytes, at);
  if (codec === undefined) {
    throw new BatchError('UNSUPPORTED_COMPRESSION_TYPE', `unknown codec ${attributesOf(bytes, at) & 0x07}`, at);
  }
  const stored = bytes.subarray(at + BATCH_HEADER_BYTES, at + batchBytesOf(bytes, at));
  // Kafka's cleaner leaves batches without records, and without a compressed stream of none.
  if (codec === 'none' || stored.length === 0) return stored;
  try {
    return decompress(codec, stored, limitBytes);
  } catch (cause) {
    if (!(cause instanceof DecompressionError)) throw cause;
    const error = cause.error === 'MESSAGE_TOO_LARGE' ? 'MESSAGE_TOO_LARGE' : 'INVALID_RECORD';
    throw new BatchError(error, `records that do not decompress: ${cause.message}`, at, { cause });
  }
};

const recordBaseOf = (bytes: Buffer, at: number): RecordBase => ({
  baseOffset: baseOffsetOf(bytes, at),
  baseTimestamp: baseTimestampOf(bytes, at),
  baseSequence: baseSequenceOf(bytes, at),
  appendTimeMs: timestampTypeOf(bytes, at) === 'LogAppendTime' ? maxTimestampOf(bytes, at) : undefined,
});

/** Throws MalformedRecordError where a record does not fit the batch or what came before it. */
const checkPlace = (record: LogRecord, previousOffset: number, lastOffset: number): void => {
  if (record.offset <= previousOffset || record.offset > lastOffset) {
    throw new MalformedRecordError(`offset ${record.offset} after ${previousOffset}, with ${lastOffset} the last`);
  }
  if (!Number.isSafeInteger(record.offset)) throw new MalformedRecordError('an offset beyond 2^53');
  if (!Number.isSafeInteger(record.timestamp)) throw new MalformedRecordError('a timestamp beyond 2^53');
};

function* decodeRecords(bytes: Buffer, at: number, body: Buffer): Generator<LogRecord, void, undefined> {
  const count = recordCountOf(bytes, at);
  if (count < 0 || count * MIN_RECORD_BYTES > body.length) {
    throw new MalformedRecordError(`${count} records in ${body.length} bytes`);
  }
  const base = recordBaseOf(bytes, at);
  const lastOffset = base.baseOffset + lastOffsetDeltaOf(bytes, at);
  const cursor = { bytes: body, at: 0, end: body.length };
  let previousOffset = base.baseOffset - 1;
  for (let i = 0; i < count; i++) {
    const record = readRecord(cursor, base);
    checkPlace(record, previousOffset, lastOffset);
    previousOffset = record.offset;
    yield record;
  }
  if (cursor.at !== body.length)
    throw new MalformedRecordError(`${body.length - cursor.at} bytes after the last record`);
}

/**
 * The records of the batch at `at`, one by one: for batches that may be large, or to stop early. Compressed ones are
 * decompressed as a whole at the first step, to at most `limitBytes`. Keys and values are views of `bytes` or of what was
 * decompressed.
 *
 * Every record of a LogAppendTime batch has the batch's largest timestamp. Otherwise a timestamp counts from the base
 * timestamp, also where the cleaner has put a delete horizon there (it has then rewritten the deltas, KIP-534).
 *
 * Safe on any bytes, and does not verify the checksum: that is checkBatch. Throws what checkBatch throws for a bad
 * length, magic or codec, MESSAGE_TOO_LARGE beyond the limit, and INVALID_RECORD where the records are malformed or do
 * not agree with the header on count, length or offsets.
 */
export function* records(
  bytes: Buffer,
  at = 0,
  limitBytes: number = DEFAULT_DECOMPRESSED_BYTES_MAX,
): Generator<LogRecord, void, undefined> {
  const body = recordBytesOf(bytes, at, limitBytes);
  try {
    yield* decodeRecords(bytes, at, body);
  } catch (cause) {
    if (!(cause instanceof MalformedRecordError) && !(cause instanceof VarintError)) throw cause;
    throw new BatchError('INVALID_RECORD', cause.message, at, { cause });
  }
}

/** All records of the batch at `at`, or none but an error; see `records`. */
export const readRecords = (bytes: Buffer, at = 0, limitBytes: number = DEFAULT_DECOMPRESSED_BYTES_MAX): LogRecord[] =>
  Array.from(records(bytes, at, limitBytes));
