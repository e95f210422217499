import { advance, type Offset, offset } from '@barnabas/model';
import {
  BATCH_HEADER_BYTES,
  baseOffsetOf,
  batchBytesOf,
  lastOffsetOf,
  MAGIC_V2,
  magicOf,
  nextOffsetOf,
} from '@barnabas/protocol';
import type { Segment } from '../segment/segment.ts';
import { CorruptLogError } from '../storage-errors.ts';

/** Where a batch lies in its segment. */
export type BatchPlace = { readonly position: number; readonly sizeBytes: number; readonly baseOffset: Offset };

/**
 * A position at or before the batch that holds `target`, where a batch begins. It comes from the index, which has no
 * checksum: what it points at is looked at, and an entry that lies is answered with the segment's start.
 */
export const scanStart = async (segment: Segment, target: Offset): Promise<number> =>
  (await indexedBatch(segment, target))?.position ?? 0;

/** The same, but behind the batch that the index names where `target` is not in it. */
export const readStart = async (segment: Segment, target: Offset): Promise<number> => {
  const batch = await indexedBatch(segment, target);
  if (batch === undefined) return 0;
  return batch.lastOffset < target ? batch.position + batch.sizeBytes : batch.position;
};

/** The batch that the index names for `target`; undefined where it names none, or what is there is not that batch. */
const indexedBatch = async (
  segment: Segment,
  target: Offset,
): Promise<{ position: number; sizeBytes: number; lastOffset: Offset } | undefined> => {
  const { position, offset: indexed } = await (await segment.indexes()).offset.lookup(target);
  if (position <= 0 || position > segment.writtenBytes - BATCH_HEADER_BYTES) return undefined;
  const header = Buffer.allocUnsafe(BATCH_HEADER_BYTES);
  const read = await segment.read(header, position);
  if (read < BATCH_HEADER_BYTES || !isBatchStart(header, segment, position, indexed)) return undefined;
  return { position, sizeBytes: batchBytesOf(header), lastOffset: lastOffsetOf(header) };
};

const isBatchStart = (header: Buffer, segment: Segment, position: number, indexed: Offset): boolean =>
  magicOf(header) === MAGIC_V2 &&
  batchBytesOf(header) >= BATCH_HEADER_BYTES &&
  position + batchBytesOf(header) <= segment.writtenBytes &&
  baseOffsetOf(header) >= segment.baseOffset &&
  baseOffsetOf(header) <= indexed &&
  lastOffsetOf(header) <= indexed;

/**
 * The first batch of the segment whose last offset is at or after `target`; undefined if all are before it.
 * Rejects with CorruptLogError where there is something on the way that is no whole batch.
 */
export const locateBatch = async (segment: Segment, target: Offset): Promise<BatchPlace | undefined> => {
  let found: BatchPlace | undefined;
  const end = await segment.scan(
    await scanStart(segment, target),
    segment.writtenBytes,
    'headers',
    (bytes, at, position) => {
      if (lastOffsetOf(bytes, at) < target) return undefined;
      found = { position, sizeBytes: batchBytesOf(bytes, at), baseOffset: baseOffsetOf(bytes, at) };
      return 'stop';
    },
  );
  if (end.kind === 'torn' || end.kind === 'malformed') {
    throw new CorruptLogError(segment.logPath, end.position, 'no whole batch begins here');
  }
  return found;
};

/** The offset after some batch, and the byte where it ends. Not sound: what follows there is no whole batch, or goes back. */
export type EndOfBatches = { readonly nextOffset: Offset; readonly position: number; readonly isSound: boolean };

/** Where the last complete batch of the segment ends, or the last of those that lie below `below` as a whole. */
export const endOfBatches = async (
  segment: Segment,
  below: Offset = offset(Number.MAX_SAFE_INTEGER),
): Promise<EndOfBatches> => {
  let nextOffset = segment.baseOffset;
  let inOrder = true;
  const start = await scanStart(segment, advance(below, -1));
  const end = await segment.scan(start, segment.writtenBytes, 'headers', (bytes, at) => {
    inOrder = baseOffsetOf(bytes, at) >= nextOffset && lastOffsetOf(bytes, at) >= nextOffset;
    if (!inOrder || lastOffsetOf(bytes, at) >= below) return 'stop';
    nextOffset = nextOffsetOf(bytes, at);
    return undefined;
  });
  return { nextOffset, position: end.position, isSound: inOrder && (end.kind === 'end' || end.kind === 'stopped') };
};
