import type { LogConfig, Offset } from '@barnabas/model';
import type { Segment } from '../segment/segment.ts';

/** The farthest that an offset may be from the base of its segment: the indexes have 32 bits for it. */
export const MAX_RELATIVE_OFFSET = 0x7fff_ffff;

/** What rolling depends on in the batch that is about to be appended. */
export type IncomingBatch = { readonly sizeBytes: number; readonly lastOffset: Offset; readonly maxTimestamp: number };

/**
 * Whether a new segment has to begin before the batch: the active one would grow beyond `segment.bytes`, is older than
 * `segment.ms` (by the timestamps of its batches, or by its own age where they have none), has a full index, or its base
 * offset is too far away for the index's 32 bits. `jitterMs` is taken off the age, so that logs do not roll all at once.
 */
export const mustRoll = (
  active: Segment,
  config: LogConfig,
  batch: IncomingBatch,
  nowMs: number,
  jitterMs: number,
): boolean => {
  if (batch.lastOffset - active.baseOffset > MAX_RELATIVE_OFFSET) return true;
  if (active.sizeBytes === 0) return false;
  const { offset, time } = active.openIndexes;
  return (
    active.sizeBytes > config.segmentBytes - batch.sizeBytes ||
    ageMs(active, batch.maxTimestamp, nowMs) > config.segmentMs - jitterMs ||
    offset.isFull(config.segmentIndexBytes) ||
    time.isFull(config.segmentIndexBytes)
  );
};

const ageMs = ({ firstTimestamp, createdMs }: Segment, maxTimestamp: number, nowMs: number): number =>
  firstTimestamp !== undefined && firstTimestamp >= 0 ? maxTimestamp - firstTimestamp : nowMs - createdMs;
