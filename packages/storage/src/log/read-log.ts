import type { Offset } from '@barnabas/model';
import { BATCH_HEADER_BYTES, batchBytesOf, lastOffsetOf, MAGIC_V2, magicOf, nextOffsetOf } from '@barnabas/protocol';
import type { OffsetPosition } from '../index-file/offset-index.ts';
import type { Segment } from '../segment/segment.ts';
import { CorruptLogError } from '../storage-errors.ts';
import { locateBatch, readStart } from './locate.ts';
import type { SegmentList } from './segment-list.ts';

/** Bytes read beyond what was asked for, so that the batch sought is mostly found with one read. */
const LOOKAHEAD_BYTES = 8 * 1024;

/**
 * What a read gives: whole batches, the last one possibly cut off by `maxBytes` as Kafka does, and where they lie. The
 * first batch holds the offset that was asked for, and may begin before it.
 */
export type LogRead = { readonly segmentBaseOffset: Offset; readonly position: number; readonly bytes: Buffer };

/** How far a read may go. */
export type ReadLimit = {
  readonly maxBytes: number;
  /** Nothing at or beyond this offset is answered. */
  readonly endOffset: Offset;
  /** End of what the log's files hold; `endOffset` is at or below it. */
  readonly writtenEndOffset: Offset;
  /** Answer the first batch whole, though it is larger than `maxBytes` (KIP-74). */
  readonly minOneBatch: boolean;
};

/** Reads from the batch that holds `from`, within one segment, as Kafka does. Empty where nothing is to be read. */
export const readLog = async (segments: SegmentList, from: Offset, limit: ReadLimit): Promise<LogRead> => {
  const { all, active } = segments;
  for (let index = Math.max(0, segments.floorIndex(from)); ; index++) {
    const segment = all[index];
    if (segment === undefined) return nothingAt(active);
    if (from >= limit.endOffset && segment === active) return nothingAt(segment);
    const end = await endPosition(segment, all[index + 1], limit);
    const read = await readSegment(segment, from, end, limit);
    if (read !== undefined) return read;
  }
};

const nothingAt = (segment: Segment): LogRead => ({
  segmentBaseOffset: segment.baseOffset,
  position: segment.writtenBytes,
  bytes: Buffer.alloc(0),
});

/** The byte of the segment where the limit's end offset lies. */
const endPosition = async (segment: Segment, next: Segment | undefined, limit: ReadLimit): Promise<number> => {
  if (limit.endOffset >= limit.writtenEndOffset) return segment.writtenBytes;
  if (next !== undefined && next.baseOffset <= limit.endOffset) return segment.writtenBytes;
  if (limit.endOffset <= segment.baseOffset) return 0;
  return (await locateBatch(segment, limit.endOffset))?.position ?? segment.writtenBytes;
};

/**
 * Undefined where the segment ends before `from`: compaction may leave offsets at its end that no batch holds. Rejects
 * with CorruptLogError where something on the way is no whole batch.
 */
const readSegment = async (
  segment: Segment,
  from: Offset,
  end: number,
  limit: ReadLimit,
): Promise<LogRead | undefined> => {
  const { readOn, timesCut } = segment;
  const readsOn = readOn?.offset === from;
  let start = readsOn ? readOn.position : await firstPosition(segment, from);
  while (start < segment.writtenBytes) {
    const chunk = await readChunk(segment, start, limit.maxBytes + (readsOn ? 0 : LOOKAHEAD_BYTES));
    const at = findBatch(chunk, from, segment.writtenBytes - start);
    if (at.kind === 'found') {
      const read = await cut(segment, chunk, start, at.at, end, limit);
      if (segment.timesCut === timesCut) segment.readOn = endOfWhole(read) ?? readOn;
      return read;
    }
    if (at.kind === 'bad') throw new CorruptLogError(segment.logPath, start + at.at, 'no whole batch begins here');
    start += at.at;
  }
  return undefined;
};

const firstPosition = async (segment: Segment, from: Offset): Promise<number> =>
  from <= segment.baseOffset ? 0 : readStart(segment, from);

/** Up to `maxBytes` from `position` on, but no less than a header where there is one. */
const readChunk = async (segment: Segment, position: number, maxBytes: number): Promise<Buffer> => {
  const available = Math.max(0, segment.writtenBytes - position);
  const chunk = Buffer.allocUnsafe(Math.min(Math.max(maxBytes, BATCH_HEADER_BYTES), available));
  return chunk.subarray(0, await segment.read(chunk, position));
};

type Search = { readonly kind: 'found' | 'beyond' | 'bad'; readonly at: number };

/**
 * Where in the chunk the batch with `target` begins; beyond: where the next batch to look at begins. A batch must end
 * within `rest`, the bytes from the chunk's start to the end of the segment: nothing is passed over in silence.
 */
const findBatch = (chunk: Buffer, target: Offset, rest: number): Search => {
  let at = 0;
  while (at + BATCH_HEADER_BYTES <= chunk.length) {
    const sizeBytes = batchBytesOf(chunk, at);
    if (sizeBytes < BATCH_HEADER_BYTES || magicOf(chunk, at) !== MAGIC_V2 || at + sizeBytes > rest) {
      return { kind: 'bad', at };
    }
    if (lastOffsetOf(chunk, at) >= target) return { kind: 'found', at };
    at += sizeBytes;
  }
  return { kind: at === 0 || (at < rest && at + BATCH_HEADER_BYTES > rest) ? 'bad' : 'beyond', at };
};

const cut = async (
  segment: Segment,
  chunk: Buffer,
  chunkPosition: number,
  at: number,
  end: number,
  { maxBytes, minOneBatch }: ReadLimit,
): Promise<LogRead> => {
  const position = chunkPosition + at;
  const available = Math.max(0, end - position);
  const wanted = Math.min(minOneBatch ? Math.max(maxBytes, batchBytesOf(chunk, at)) : maxBytes, available);
  const isThere = at + wanted <= chunk.length;
  const bytes = isThere ? chunk.subarray(at, at + wanted) : await readChunk(segment, position, wanted);
  return { segmentBaseOffset: segment.baseOffset, position, bytes };
};

/** The offset after the last whole batch, and where that ends; undefined if there is no whole batch. */
const endOfWhole = ({ bytes, position }: LogRead): OffsetPosition | undefined => {
  let last = -1;
  let at = 0;
  while (at + BATCH_HEADER_BYTES <= bytes.length) {
    const sizeBytes = batchBytesOf(bytes, at);
    if (sizeBytes < BATCH_HEADER_BYTES || at + sizeBytes > bytes.length) break;
    last = at;
    at += sizeBytes;
  }
  return last < 0 ? undefined : { offset: nextOffsetOf(bytes, last), position: position + at };
};
