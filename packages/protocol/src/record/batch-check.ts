import { computeBatchCrc } from './batch-crc.ts';
import { type BatchFault, batchErrorFor, fault, frameFault } from './batch-frame.ts';
import {
  attributesOf,
  baseOffsetOf,
  baseSequenceOf,
  baseTimestampOf,
  batchBytesOf,
  codecOf,
  crcOf,
  lastOffsetDeltaOf,
  maxTimestampOf,
  producerEpochOf,
  producerIdOf,
  recordCountOf,
} from './batch-header.ts';

/** What a scan makes of the bytes at a place. `incomplete`: they end before the batch does. */
export type BatchVerdict =
  | { readonly ok: true; readonly sizeBytes: number }
  | { readonly ok: false; readonly reason: string; readonly incomplete: boolean };

const { isSafeInteger } = Number;

/** The fields of a header whose checksum is right: what remains wrong was written so. */
const fieldFault = (bytes: Buffer, at: number): BatchFault | undefined => {
  const baseOffset = baseOffsetOf(bytes, at);
  const lastOffsetDelta = lastOffsetDeltaOf(bytes, at);
  const recordCount = recordCountOf(bytes, at);
  const producerId = producerIdOf(bytes, at);
  if (codecOf(bytes, at) === undefined) {
    return fault('UNSUPPORTED_COMPRESSION_TYPE', `unknown codec ${attributesOf(bytes, at) & 0x07}`);
  }
  if (lastOffsetDelta < 0) return fault('CORRUPT_MESSAGE', `a last offset delta of ${lastOffsetDelta}`);
  if (recordCount < 0) return fault('CORRUPT_MESSAGE', `${recordCount} records`);
  if (baseOffset < 0 || !isSafeInteger(baseOffset + lastOffsetDelta)) {
    return fault('CORRUPT_MESSAGE', `a base offset of ${baseOffset}`);
  }
  if (!isSafeInteger(baseTimestampOf(bytes, at)) || !isSafeInteger(maxTimestampOf(bytes, at))) {
    return fault('INVALID_TIMESTAMP', 'a timestamp beyond 2^53');
  }
  if (producerId < -1 || !isSafeInteger(producerId)) return fault('CORRUPT_MESSAGE', `a producer id of ${producerId}`);
  if (producerEpochOf(bytes, at) < -1) {
    return fault('CORRUPT_MESSAGE', `a producer epoch of ${producerEpochOf(bytes, at)}`);
  }
  if (baseSequenceOf(bytes, at) < -1)
    return fault('CORRUPT_MESSAGE', `a base sequence of ${baseSequenceOf(bytes, at)}`);
  return undefined;
};

/** All that the header and the checksum tell, without touching the records; undefined for a sound batch. */
const batchFault = (bytes: Buffer, at: number, endAt: number): BatchFault | undefined => {
  const frame = frameFault(bytes, at, endAt);
  if (frame !== undefined) return frame;
  const stored = crcOf(bytes, at);
  const computed = computeBatchCrc(bytes, at);
  if (stored !== computed) return fault('CORRUPT_MESSAGE', `checksum ${stored}, but the bytes give ${computed}`);
  return fieldFault(bytes, at);
};

/**
 * Checks that a complete, sound batch of magic 2 begins at `at` and ends at or before `endAt`: its length, magic,
 * checksum, codec, counts, and that offsets, timestamps and producer id are within 2^53. The records are not decoded,
 * and nothing is allocated for a sound batch. Returns its size in bytes.
 * Throws CorruptBatchError, or BatchError with UNSUPPORTED_FOR_MESSAGE_FORMAT, UNSUPPORTED_COMPRESSION_TYPE or
 * INVALID_TIMESTAMP.
 */
export const checkBatch = (bytes: Buffer, at: number, endAt: number = bytes.length): number => {
  const found = batchFault(bytes, at, endAt);
  if (found !== undefined) throw batchErrorFor(found, at);
  return batchBytesOf(bytes, at);
};

/** The same for those who scan bytes that may well be torn: a verdict where `checkBatch` throws. */
export const tryCheckBatch = (bytes: Buffer, at: number, endAt: number = bytes.length): BatchVerdict => {
  const found = batchFault(bytes, at, endAt);
  return found === undefined
    ? { ok: true, sizeBytes: batchBytesOf(bytes, at) }
    : { ok: false, reason: found.reason, incomplete: found.incomplete };
};
