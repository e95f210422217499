import type { Offset } from '@barnabas/model';
import type { RecentBatches } from '../commit/recent-batches.ts';
import type { LogRead, ReadLimit } from './read-log.ts';

/** What `readLog` would answer, where all of it is in memory still; undefined where it is not. */
export const readRecent = (recent: RecentBatches, from: Offset, limit: ReadLimit): LogRead | undefined => {
  const run = recent.from(from, limit.endOffset);
  if (run === undefined) return undefined;
  const { segment, position, batches } = run;
  return { segmentBaseOffset: segment.baseOffset, position, bytes: firstBytes(batches, limit) };
};

/** One batch by itself, which is the common case, is not copied. */
const firstBytes = (batches: readonly Buffer[], { maxBytes, minOneBatch }: ReadLimit): Buffer => {
  const [first] = batches;
  if (first === undefined) return Buffer.alloc(0);
  const wanted = minOneBatch ? Math.max(maxBytes, first.length) : maxBytes;
  if (batches.length === 1 || first.length >= wanted) return first.subarray(0, wanted);
  const available = batches.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat(batches, Math.min(wanted, available));
};
