import { KafkaError } from '@barnabas/model';
import type { FileHandle } from './file-system.ts';

/**
 * Writes all bytes of the chunks, one chunk after the other, from byte `position`. One call where the system takes them
 * all; where it takes fewer (a disk about to be full does so without an error) the rest follows, without copying a
 * chunk. On failure some of the bytes may have been written, and it is for the caller to truncate to where it began.
 *
 * Rejects with the system's own error, or with KAFKA_STORAGE_ERROR if the file takes no byte and gives no error.
 */
export async function writeFully(file: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let remaining = chunks;
  let remainingBytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  let at = position;
  while (remainingBytes > 0) {
    const written = await file.write(remaining, at);
    if (written <= 0) {
      throw new KafkaError('KAFKA_STORAGE_ERROR', `no byte was written at ${at}, ${remainingBytes} were left`);
    }
    at += written;
    remainingBytes -= written;
    if (remainingBytes > 0) remaining = withoutFirst(remaining, written);
  }
}

/** The chunks without their first `count` bytes; a chunk that is cut is a view of the same memory. */
function withoutFirst(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  const firstKept = chunks.findIndex((chunk) => {
    if (left < chunk.byteLength) return true;
    left -= chunk.byteLength;
    return false;
  });
  return chunks.slice(firstKept).map((chunk, index) => (index === 0 ? chunk.subarray(left) : chunk));
}
