import { BatchError, batchesIn, isControl, type LogRecord, nextOffsetOf, records } from '@barnabas/protocol';
import type { AbortedTransactions } from './aborted-transactions.ts';

export type RecordLimits = {
  readonly records: number;
  /** Of keys, values and headers; the first record comes whatever its size, so that no reader is stuck before it. */
  readonly bytes: number;
  /** Of one batch, decompressed. */
  readonly decompressedBatchBytes: number;
};

export type Decoded = {
  readonly records: LogRecord[];
  readonly sizeBytes: number;
  /** Behind all that was looked at, also batches that hold nothing for a reader. */
  readonly nextOffset: number;
};

/**
 * The records from `from` on in what a leader answered: those before it are left out, and so are markers and, if `aborted`
 * is given, what was aborted. Their keys and values are views.
 *
 * @throws BatchError where the first batch cannot be read, or would be larger than allowed; a later one that cannot ends the
 *   records before it
 */
export const decodeFetched = (
  bytes: Buffer,
  from: number,
  limits: RecordLimits,
  aborted: AbortedTransactions | undefined,
): Decoded => {
  const decoded: Mutable<Decoded> = { records: [], sizeBytes: 0, nextOffset: from };
  for (const at of batchesIn(bytes)) {
    if (nextOffsetOf(bytes, at) <= from) continue;
    const isAborted = aborted?.isAborted(bytes, at) ?? false;
    if (!isAborted && !isControl(bytes, at)) {
      if (decoded.records.length >= limits.records || !addRecords(decoded, bytes, at, from, limits)) break;
    }
    decoded.nextOffset = nextOffsetOf(bytes, at);
  }
  return decoded;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** @returns whether all of the batch has found room */
const addRecords = (
  decoded: Mutable<Decoded>,
  bytes: Buffer,
  at: number,
  from: number,
  limits: RecordLimits,
): boolean => {
  try {
    for (const record of records(bytes, at, limits.decompressedBatchBytes)) {
      if (record.offset < from) continue;
      const sizeBytes = decoded.sizeBytes + sizeBytesOf(record);
      const count = decoded.records.length;
      if (count >= limits.records || (count > 0 && sizeBytes > limits.bytes)) return false;
      decoded.records.push(record);
      decoded.sizeBytes = sizeBytes;
      decoded.nextOffset = record.offset + 1;
    }
    return true;
  } catch (thrown) {
    if (thrown instanceof BatchError && decoded.records.length > 0) return false;
    throw thrown;
  }
};

/** Of key, value and headers. */
export const sizeBytesOf = ({ key, value, headers }: LogRecord): number => {
  let sizeBytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) sizeBytes += header.key.length + (header.value?.length ?? 0);
  return sizeBytes;
};
