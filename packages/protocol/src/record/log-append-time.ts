import { sealBatch } from './batch-crc.ts';
import { ATTRIBUTES_AT, attributesOf, withLogAppendTime, writeInt64 } from './batch-header.ts';

/**
 * Gives the batch at `at`, which is sound, the time `nowMs` (epoch ms) at which the log appends it: timestamp type and
 * largest timestamp. All its records then have that timestamp. Both fields lie under the checksum, which is computed
 * anew.
 */
export const stampLogAppendTime = (bytes: Buffer, at: number, nowMs: number): void => {
  bytes.writeInt16BE(withLogAppendTime(attributesOf(bytes, at)), at + ATTRIBUTES_AT);
  writeInt64(bytes, nowMs, at + 35);
  sealBatch(bytes, at);
};
