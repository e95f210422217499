import { batchErrorFor, frameFault } from './batch-frame.ts';
import { batchBytesOf } from './batch-header.ts';

/**
 * The positions of the complete batches in `bytes`, which begins with one; stops at a tail that is cut off. Only length
 * and magic of each are looked at. Throws CorruptBatchError where they cannot be, or BatchError
 * (UNSUPPORTED_FOR_MESSAGE_FORMAT) at a message of an old format.
 */
export function* batchesIn(bytes: Buffer): Generator<number, void, undefined> {
  for (let at = 0; at < bytes.length; at += batchBytesOf(bytes, at)) {
    const found = frameFault(bytes, at, bytes.length);
    if (found?.incomplete) return;
    if (found !== undefined) throw batchErrorFor(found, at);
    yield at;
  }
}
