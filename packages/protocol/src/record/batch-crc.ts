import { ATTRIBUTES_AT, batchBytesOf, CRC_AT } from './batch-header.ts';
import { crc32c } from './crc32c.ts';

/** The checksum that the batch at `at` ought to have; the whole batch must be in the buffer. */
export const computeBatchCrc = (bytes: Buffer, at = 0): number =>
  crc32c(bytes, at + ATTRIBUTES_AT, at + batchBytesOf(bytes, at));

/** Sets the checksum after a field under it has changed; the whole batch must be in the buffer. */
export const sealBatch = (bytes: Buffer, at = 0): void => {
  bytes.writeUInt32BE(computeBatchCrc(bytes, at), at + CRC_AT);
};
