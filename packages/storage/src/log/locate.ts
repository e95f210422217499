import { type Offset, offset } from '@barnabas/model';
import { BATCH_HEADER_BYTES, baseOffsetOf, batchBytesOf, lastOffsetOf, MAGIC_V2, magicOf } from '@barnabas/protocol';
import type { Segment } from '../segment/segment.ts';

/** Where a batch lies in its segment. */
export type BatchPlace = { readonly position: number; readonly sizeBytes: number; readonly baseOffset: Offset };

/**
 * A position at or before the batch that holds `target`, where a batch begins. It comes from the index, which has no
 * checksum: what it points at is looked at, and an entry that lies is answered with the segment's start.
 */
export const scanStart = async (segment: Segment, target: Offset): Promise<number> => {
  const hint = await (await segment.indexes()).offset.lookup(target);
  if (hint.position <= 0) return 0;
  if (hint.position > segment.writtenBytes - BATCH_HEADER_BYTES) return 0;
  const header = Buffer.allocUnsafe(BATCH_HEADER_BYTES);
  const read = await segment.read(header, hint.position);
  return read === BATCH_HEADER_BYTES && isBatchStart(header, segment, hint.position, hint.offset) ? hint.position : 0;
};

const isBatchStart = (header: Buffer, segment: Segment, position: number, indexed: Offset): boolean =>
  magicOf(header) === MAGIC_V2 &&
  batchBytesOf(header) >= BATCH_HEADER_BYTES &&
  position + batchBytesOf(header) <= segment.writtenBytes &&
  baseOffsetOf(header) >= segment.baseOffset &&
  baseOffsetOf(header) <= indexed &&
  lastOffsetOf(header) <= indexed;

/** The first batch of the segment whose last offset is at or after `target`; undefined if all are before it. */
export const locateBatch = async (segment: Segment, target: Offset): Promise<BatchPlace | undefined> => {
  let found: BatchPlace | undefined;
  await segment.scan(await scanStart(segment, target), segment.writtenBytes, 'headers', (bytes, at, position) => {
    if (lastOffsetOf(bytes, at) < target) return undefined;
    found = { position, sizeBytes: batchBytesOf(bytes, at), baseOffset: baseOffsetOf(bytes, at) };
    return 'stop';
  });
  return found;
};

/** The offset after the last complete batch, and the byte where that batch ends. */
export const endOfBatches = async (segment: Segment): Promise<{ nextOffset: Offset; position: number }> => {
  const { position: from } = await (await segment.indexes()).offset.last();
  const start = from === 0 ? 0 : await scanStart(segment, offset(Number.MAX_SAFE_INTEGER));
  let nextOffset = segment.baseOffset;
  const end = await segment.scan(start, segment.writtenBytes, 'headers', (bytes, at) => {
    nextOffset = offset(lastOffsetOf(bytes, at) + 1);
    return undefined;
  });
  return { nextOffset, position: end.position };
};
