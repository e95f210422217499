import { type LeaderEpoch, NO_LEADER_EPOCH, type Offset } from '@barnabas/model';
import { BatchError, batchBytesOf, type LogRecord, leaderEpochOf, maxTimestampOf, records } from '@barnabas/protocol';
import { NO_TIMESTAMP } from '../index-file/time-index.ts';
import type { Segment } from '../segment/segment.ts';
import { CorruptLogError } from '../storage-errors.ts';
import { checkTimeIndex, timeHint } from './check-time-index.ts';
import { scanStart } from './locate.ts';
import type { SegmentList } from './segment-list.ts';

/** A record found by time, and the leader epoch of its batch if it has one. */
export type TimestampMatch = {
  readonly timestamp: number;
  readonly offset: Offset;
  readonly leaderEpoch: LeaderEpoch | undefined;
};

/** The first record at or after `from` whose timestamp is at least `timestamp` (epoch ms), within the written log. */
export const findByTimestamp = async (
  segments: SegmentList,
  timestamp: number,
  from: Offset,
  indexIntervalBytes: number,
): Promise<TimestampMatch | undefined> => {
  for (const segment of segments.all) {
    await checkTimeIndex(segment, indexIntervalBytes);
    if ((await segment.maxTimestamp()).timestamp < timestamp) continue;
    const found = await findInSegment(segment, timestamp, from);
    // Where the log starts within the segment, what is so late may have been deleted: a later one can have it.
    if (found !== undefined || from <= segment.baseOffset) return found;
  }
  return undefined;
};

const findInSegment = async (
  segment: Segment,
  timestamp: number,
  from: Offset,
): Promise<TimestampMatch | undefined> => {
  const hint = await timeHint(segment, timestamp);
  let position = await scanStart(segment, hint > from ? hint : from);
  for (;;) {
    const batch = await nextBatch(segment, position, (bytes, at) => maxTimestampOf(bytes, at) >= timestamp);
    if (batch === undefined) return undefined;
    const record = firstRecord(segment, batch, (each) => each.timestamp >= timestamp && each.offset >= from);
    if (record !== undefined) return matchOf(record, batch.bytes);
    position = batch.position + batch.bytes.length;
  }
};

/** The first record with the largest timestamp of the log; undefined if no record has one. */
export const findMaxTimestamp = async (
  segments: SegmentList,
  indexIntervalBytes: number,
): Promise<TimestampMatch | undefined> => {
  let latest: { segment: Segment; timestamp: number; offset: Offset } | undefined;
  for (const segment of segments.all) {
    await checkTimeIndex(segment, indexIntervalBytes);
    const max = await segment.maxTimestamp();
    if (max.timestamp > (latest?.timestamp ?? NO_TIMESTAMP)) latest = { segment, ...max };
  }
  if (latest === undefined) return undefined;
  const { segment, timestamp, offset } = latest;
  const batch = await nextBatch(
    segment,
    await scanStart(segment, offset),
    (bytes, at) => maxTimestampOf(bytes, at) === timestamp,
  );
  if (batch === undefined) return undefined;
  const record = firstRecord(segment, batch, (each) => each.timestamp === timestamp);
  return record && matchOf(record, batch.bytes);
};

type FoundBatch = { readonly bytes: Buffer; readonly position: number };

const firstRecord = (
  segment: Segment,
  { bytes, position }: FoundBatch,
  wanted: (record: LogRecord) => boolean,
): LogRecord | undefined => {
  try {
    for (const record of records(bytes)) if (wanted(record)) return record;
    return undefined;
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    throw new CorruptLogError(segment.logPath, position, error.reason, { cause: error });
  }
};

const matchOf = ({ timestamp, offset }: { timestamp: number; offset: Offset }, batch: Buffer): TimestampMatch => {
  const epoch = leaderEpochOf(batch);
  return { timestamp, offset, leaderEpoch: epoch === NO_LEADER_EPOCH ? undefined : epoch };
};

/** The first batch from `position` on whose header satisfies `wanted`, read whole. Rejects with CorruptLogError. */
const nextBatch = async (
  segment: Segment,
  position: number,
  wanted: (bytes: Buffer, at: number) => boolean,
): Promise<FoundBatch | undefined> => {
  let place: { position: number; sizeBytes: number } | undefined;
  const end = await segment.scan(position, segment.writtenBytes, 'headers', (bytes, at, found) => {
    if (!wanted(bytes, at)) return undefined;
    place = { position: found, sizeBytes: batchBytesOf(bytes, at) };
    return 'stop';
  });
  if (end.kind === 'torn' || end.kind === 'malformed') {
    throw new CorruptLogError(segment.logPath, end.position, 'no whole batch begins here');
  }
  if (place === undefined) return undefined;
  const bytes = Buffer.allocUnsafe(place.sizeBytes);
  await segment.read(bytes, place.position);
  return { bytes, position: place.position };
};
