import type { Offset } from '@barnabas/model';
import {
  baseOffsetOf,
  batchBytesOf,
  lastOffsetDeltaOf,
  lastOffsetOf,
  maxTimestampOf,
  nextOffsetOf,
} from '@barnabas/protocol';
import type { SegmentFileName } from '../file-names.ts';
import { Segment, saveWhole } from '../segment/segment.ts';
import { CorruptLogError } from '../storage-errors.ts';
import { MAX_RELATIVE_OFFSET } from './roll-policy.ts';

/** The segments of a directory that lack one of their index files. */
export const withoutIndexes = (segments: readonly Segment[], files: readonly SegmentFileName[]): Segment[] => {
  const present = new Set(files.map(({ baseOffset, suffix }) => `${baseOffset}${suffix}`));
  return segments.filter(
    ({ baseOffset }) => !present.has(`${baseOffset}.index`) || !present.has(`${baseOffset}.timeindex`),
  );
};

/**
 * Makes the indexes of a segment anew from the headers of its batches. Kafka does so for a missing `.index` and leaves a
 * missing `.timeindex` empty, which then hides the segment from every search by time.
 *
 * For segments that take no batches meanwhile. Rejects with CorruptLogError where the segment does not consist of whole
 * batches in the order of their offsets.
 */
export const rebuildIndexes = async (segment: Segment, indexIntervalBytes: number): Promise<void> => {
  const scratch = new Segment(segment.store, segment.dir, segment.baseOffset, 0, segment.createdMs);
  scratch.beginAnew();
  let expected = segment.baseOffset;
  const end = await segment.scan(0, segment.writtenBytes, 'headers', (bytes, at, position) => {
    if (!fits(bytes, at, segment, expected)) {
      throw new CorruptLogError(segment.logPath, position, 'offsets or times that cannot be here');
    }
    expected = nextOffsetOf(bytes, at);
    scratch.place(bytes, at, batchBytesOf(bytes, at), indexIntervalBytes);
    return undefined;
  });
  if (end.kind !== 'end') throw new CorruptLogError(segment.logPath, end.position, 'no whole batch begins here');
  scratch.closeTimeIndex();
  await saveWhole(scratch.openIndexes);
  segment.adoptIndexes(scratch);
};

/** Whether an index can tell of the batch, whose checksum is not looked at. */
const fits = (bytes: Buffer, at: number, segment: Segment, expected: Offset): boolean =>
  baseOffsetOf(bytes, at) >= expected &&
  lastOffsetDeltaOf(bytes, at) >= 0 &&
  lastOffsetOf(bytes, at) - segment.baseOffset <= MAX_RELATIVE_OFFSET &&
  Number.isSafeInteger(maxTimestampOf(bytes, at));
