import { type LeaderEpoch, NO_LEADER_EPOCH, type Offset } from '@barnabas/model';
import { batchBytesOf, leaderEpochOf, maxTimestampOf, records } from '@barnabas/protocol';
import { NO_TIMESTAMP } from '../index-file/time-index.ts';
import type { Segment } from '../segment/segment.ts';
import { checkTimeIndex } from './check-time-index.ts';
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
    if ((await segment.maxTimestamp()).timestamp >= timestamp) return findInSegment(segment, timestamp, from);
  }
  return undefined;
};

const findInSegment = async (
  segment: Segment,
  timestamp: number,
  from: Offset,
): Promise<TimestampMatch | undefined> => {
  const hint = await (await segment.indexes()).time.lookup(timestamp);
  let position = await scanStart(segment, hint.offset > from ? hint.offset : from);
  for (;;) {
    const batch = await nextBatch(segment, position, (bytes, at) => maxTimestampOf(bytes, at) >= timestamp);
    if (batch === undefined) return undefined;
    for (const record of records(batch.bytes)) {
      if (record.timestamp >= timestamp && record.offset >= from) return matchOf(record, batch.bytes);
    }
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
  for (const record of records(batch.bytes)) {
    if (record.timestamp === timestamp) return matchOf(record, batch.bytes);
  }
  return undefined;
};

const matchOf = ({ timestamp, offset }: { timestamp: number; offset: Offset }, batch: Buffer): TimestampMatch => {
  const epoch = leaderEpochOf(batch);
  return { timestamp, offset, leaderEpoch: epoch === NO_LEADER_EPOCH ? undefined : epoch };
};

/** The first batch from `position` on whose header satisfies `wanted`, read whole. */
const nextBatch = async (
  segment: Segment,
  position: number,
  wanted: (bytes: Buffer, at: number) => boolean,
): Promise<{ bytes: Buffer; position: number } | undefined> => {
  let place: { position: number; sizeBytes: number } | undefined;
  await segment.scan(position, segment.writtenBytes, 'headers', (bytes, at, found) => {
    if (!wanted(bytes, at)) return undefined;
    place = { position: found, sizeBytes: batchBytesOf(bytes, at) };
    return 'stop';
  });
  if (place === undefined) return undefined;
  const bytes = Buffer.allocUnsafe(place.sizeBytes);
  await segment.read(bytes, place.position);
  return { bytes, position: place.position };
};
