import { lastOffsetOf, maxTimestampOf } from '@barnabas/protocol';
import type { Segment } from '../segment/segment.ts';
import { locateBatch } from './locate.ts';
import { rebuildIndexes } from './rebuild-indexes.ts';

/**
 * Makes sure that the last entry of a segment's time index is true: it says up to when the segment reaches, so that a
 * wrong one (zeros that were preallocated, a damaged file: there is no checksum) would hide the segment from every search
 * by time. The indexes of a segment are made anew where it is not. Looks once for each segment that is opened.
 *
 * Rejects with CorruptLogError where the segment does not consist of whole batches.
 */
export const checkTimeIndex = async (segment: Segment, indexIntervalBytes: number): Promise<void> => {
  if (segment.timeIndexChecked) return;
  const claimed = await (await segment.indexes()).time.last();
  const place = await locateBatch(segment, claimed.offset);
  if (place === undefined ? segment.writtenBytes > 0 : !(await isTrue(segment, place.position, claimed))) {
    await rebuildIndexes(segment, indexIntervalBytes);
  }
  segment.timeIndexChecked = true;
};

const isTrue = async (
  segment: Segment,
  position: number,
  claimed: { timestamp: number; offset: number },
): Promise<boolean> => {
  let found = false;
  await segment.scan(position, segment.writtenBytes, 'headers', (bytes, at) => {
    found = lastOffsetOf(bytes, at) === claimed.offset && maxTimestampOf(bytes, at) === claimed.timestamp;
    return 'stop';
  });
  return found;
};
