import type { Offset } from '@barnabas/model';
import { lastOffsetOf, maxTimestampOf } from '@barnabas/protocol';
import type { TimestampOffset } from '../index-file/time-index.ts';
import type { Segment } from '../segment/segment.ts';
import { locateBatch } from './locate.ts';
import { rebuildIndexes } from './rebuild-indexes.ts';

/**
 * Makes sure that the last entry of a segment's time index is true: it says up to when the segment reaches, so that a
 * wrong one (zeros that were preallocated, a damaged or shortened file: there is no checksum) would hide the segment from
 * every search by time. The indexes of a segment are made anew where it is not. Looks once for each segment that is
 * opened.
 *
 * Rejects with CorruptLogError where the segment does not consist of whole batches.
 */
export const checkTimeIndex = (segment: Segment, indexIntervalBytes: number): Promise<void> => {
  segment.timeIndexChecked ??= check(segment, indexIntervalBytes).catch((error: unknown) => {
    segment.timeIndexChecked = undefined;
    throw error;
  });
  return segment.timeIndexChecked;
};

const check = async (segment: Segment, indexIntervalBytes: number): Promise<void> => {
  const claimed = await (await segment.indexes()).time.last();
  const place = await locateBatch(segment, claimed.offset);
  const holds =
    place === undefined
      ? segment.writtenBytes === 0
      : (await isTrue(segment, place.position, claimed)) &&
        (await isLatest(segment, place.position, claimed.timestamp));
  if (!holds) {
    await rebuildIndexes(segment, indexIntervalBytes);
  }
};

/**
 * Where to begin to look for a timestamp: the offset of the last entry before it, as all up to there is older. An entry
 * that does not fit the batch that it names is answered with the segment's start.
 */
export const timeHint = async (segment: Segment, timestamp: number): Promise<Offset> => {
  const entry = await (await segment.indexes()).time.lookup(timestamp);
  if (entry.offset === segment.baseOffset) return segment.baseOffset;
  const place = await locateBatch(segment, entry.offset);
  return place !== undefined && (await isTrue(segment, place.position, entry)) ? entry.offset : segment.baseOffset;
};

/** Whether the batch at `position` is the one that an entry of the time index tells of. */
const isTrue = async (segment: Segment, position: number, claimed: TimestampOffset): Promise<boolean> => {
  let found = false;
  await segment.scan(position, segment.writtenBytes, 'headers', (bytes, at) => {
    found = lastOffsetOf(bytes, at) === claimed.offset && maxTimestampOf(bytes, at) === claimed.timestamp;
    return 'stop';
  });
  return found;
};

/** Whether no batch from `position` on is later. They are few: timestamps mostly rise with the offsets. */
const isLatest = async (segment: Segment, position: number, timestamp: number): Promise<boolean> => {
  const end = await segment.scan(position, segment.writtenBytes, 'headers', (bytes, at) =>
    maxTimestampOf(bytes, at) > timestamp ? 'stop' : undefined,
  );
  return end.kind === 'end';
};
