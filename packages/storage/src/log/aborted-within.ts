import { type Offset, offset } from '@barnabas/model';
import { batchesIn, nextOffsetOf } from '@barnabas/protocol';
import type { Segment } from '../segment/segment.ts';
import { SegmentReleasedError } from '../storage-errors.ts';
import { type AbortedTransaction, collectAborted } from '../transaction/aborted-transactions.ts';
import type { LogRead } from './read-log.ts';
import type { SegmentList } from './segment-list.ts';

/**
 * The aborted transactions that overlap what a read from `from` answered. How far the read reaches is taken from the
 * offset index, as Kafka does, so that a transaction beyond the end may be among them: a consumer does not mind.
 */
export const abortedWithin = async (
  segments: SegmentList,
  from: Offset,
  { segmentBaseOffset, position, bytes }: LogRead,
  endOffset: Offset,
): Promise<AbortedTransaction[]> => {
  const found: AbortedTransaction[] = [];
  const all = segments.all;
  const first = all.findIndex(({ baseOffset }) => baseOffset === segmentBaseOffset);
  const segment = all[first];
  // What was aborted in it can no longer be told, and must not pass for committed.
  if (segment === undefined) throw new SegmentReleasedError(`the segment at offset ${segmentBaseOffset}`);
  const indexed = (await offsetBeyond(segment, position + bytes.length)) ?? all[first + 1]?.baseOffset ?? endOffset;
  const bound = offset(Math.max(indexed, endOf(bytes)));
  for (const later of all.slice(first)) {
    const { aborted, isComplete } = collectAborted(await later.abortedTransactions(), from, bound);
    found.push(...aborted);
    if (isComplete) break;
  }
  return found;
};

/** One past the last offset of the batches that a read answered: an index that lies must not hide what ends below. */
const endOf = (bytes: Buffer): number => {
  let end = 0;
  for (const at of batchesIn(bytes)) end = nextOffsetOf(bytes, at);
  return end;
};

/** The first indexed offset at or after a position; undefined if the index does not reach it. */
const offsetBeyond = async (segment: Segment, position: number): Promise<Offset | undefined> => {
  const { offset: index } = await segment.indexes();
  let low = 0;
  let high = index.file.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((await index.entry(middle)).position >= position) high = middle;
    else low = middle + 1;
  }
  return low < index.file.count ? (await index.entry(low)).offset : undefined;
};
