import type { LogConfig, Offset } from '@barnabas/model';
import { lastOffsetOf, maxTimestampOf } from '@barnabas/protocol';
import { encodeProducerSnapshot } from '../producer/producer-snapshot.ts';
import { Segment } from '../segment/segment.ts';
import type { LogParts } from './log-parts.ts';
import { mustRoll } from './roll-policy.ts';

/**
 * The segment that takes a batch at the log's end: the active one, or where it is full or too old a new one that begins
 * at the log's end. Its files, the closing of the old one's and the snapshot of the producer state are left to the writer.
 */
export const segmentFor = (
  bytes: Buffer,
  { segments, rollJitterMs, store, dir, writer, producers }: LogParts,
  config: LogConfig,
  endOffset: Offset,
  nowMs: number,
): Segment => {
  const { active } = segments;
  const batch = { sizeBytes: bytes.length, lastOffset: lastOffsetOf(bytes), maxTimestamp: maxTimestampOf(bytes) };
  if (!mustRoll(active, config, batch, nowMs, rollJitterMs)) return active;
  const opened = new Segment(store, dir, endOffset, 0, nowMs);
  opened.beginAnew();
  active.closeTimeIndex();
  segments.add(opened);
  const snapshot = encodeProducerSnapshot(producers.states.snapshotEntries());
  writer.enqueue({ kind: 'roll', closed: active, opened, snapshot });
  return opened;
};
