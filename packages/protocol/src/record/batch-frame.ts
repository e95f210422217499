import type { ErrorName } from '@barnabas/model';
import { BatchError, CorruptBatchError } from './batch-errors.ts';
import { BATCH_HEADER_BYTES, batchBytesOf, LOG_OVERHEAD_BYTES, MAGIC_AT, MAGIC_V2, magicOf } from './batch-header.ts';

/** What is wrong with a batch. `incomplete`: the bytes end before the batch does, and what is there may be sound. */
export type BatchFault = { readonly error: ErrorName; readonly reason: string; readonly incomplete: boolean };

const incomplete = (reason: string): BatchFault => ({ error: 'CORRUPT_MESSAGE', reason, incomplete: true });
/** A fault that more bytes would not mend. */
export const fault = (error: ErrorName, reason: string): BatchFault => ({ error, reason, incomplete: false });

/** The error for a fault of the batch at `position`. */
export const batchErrorFor = (found: BatchFault, position: number): BatchError =>
  found.error === 'CORRUPT_MESSAGE'
    ? new CorruptBatchError(found.reason, position)
    : new BatchError(found.error, found.reason, position);

const magicFault = (magic: number): BatchFault =>
  magic === 0 || magic === 1
    ? fault('UNSUPPORTED_FOR_MESSAGE_FORMAT', `message format ${magic}, of Kafka before 0.11`)
    : fault('CORRUPT_MESSAGE', `unknown magic ${magic}`);

/**
 * Checks that a batch of magic 2, as long as it says it is, lies between `at` and `endAt`; undefined if so. Looks at
 * the length and the magic only.
 */
export const frameFault = (bytes: Buffer, at: number, endAt: number): BatchFault | undefined => {
  const available = endAt - at;
  if (available < LOG_OVERHEAD_BYTES) return incomplete(`${available} bytes, less than a header`);
  // The magic has the same place in every format, while the least length has not.
  const magic = available > MAGIC_AT ? magicOf(bytes, at) : MAGIC_V2;
  const sizeBytes = batchBytesOf(bytes, at);
  if (sizeBytes <= MAGIC_AT) return fault('CORRUPT_MESSAGE', `a size of ${sizeBytes} bytes`);
  if (magic !== MAGIC_V2) return magicFault(magic);
  if (sizeBytes < BATCH_HEADER_BYTES) return fault('CORRUPT_MESSAGE', `a size of ${sizeBytes} bytes`);
  if (sizeBytes > available) return incomplete(`${available} bytes of ${sizeBytes}`);
  return undefined;
};
