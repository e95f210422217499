import { DEFAULT_LOG_CONFIG, type LogConfig, offset } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { HandlePool } from '../../src/files/handle-pool.ts';
import { PageCache } from '../../src/index-file/page-cache.ts';
import { type IncomingBatch, mustRoll } from '../../src/log/roll-policy.ts';
import { Segment } from '../../src/segment/segment.ts';
import { replicated, T0 } from './batches.ts';

const CONFIG: LogConfig = { ...DEFAULT_LOG_CONFIG, segmentBytes: 1000, segmentMs: 100, indexIntervalBytes: 0 };
const BASE = 50;

/** A segment from offset 50, made at T0, with one batch of 79 bytes for each timestamp. */
const segmentWith = (...timestamps: number[]): Segment => {
  const handles = new HandlePool(new SimulatedDisk(seededRandom(1)).newProcess(), 10);
  const segment = new Segment({ handles, pages: new PageCache(0) }, '/', offset(BASE), 0, T0);
  segment.beginAnew();
  timestamps.forEach((timestamp, index) => {
    const bytes = replicated(BASE + index, { timestamp });
    segment.place(bytes, 0, bytes.length, CONFIG.indexIntervalBytes);
  });
  return segment;
};

type Case = Partial<IncomingBatch> & { nowMs?: number; jitterMs?: number; config?: Partial<LogConfig> };

const rolls = (segment: Segment, { nowMs = T0, jitterMs = 0, config = {}, ...batch }: Case): boolean =>
  mustRoll(
    segment,
    { ...CONFIG, ...config },
    { sizeBytes: 100, lastOffset: offset(60), maxTimestamp: T0, ...batch },
    nowMs,
    jitterMs,
  );

describe('mustRoll', () => {
  it('fills a segment to its very size', () => {
    const segment = segmentWith(T0);
    const rest = 1000 - segment.sizeBytes;
    expect(rolls(segment, { sizeBytes: rest })).toBe(false);
    expect(rolls(segment, { sizeBytes: rest + 1 })).toBe(true);
  });

  it('takes a batch of any size and age into an empty segment', () => {
    expect(rolls(segmentWith(), { sizeBytes: 5000, maxTimestamp: T0 + 5000, nowMs: T0 + 5000 })).toBe(false);
  });

  it('counts the age from the timestamp of the first batch to that of the incoming one, whatever the time is', () => {
    const segment = segmentWith(T0 + 7, T0 + 3);
    expect(rolls(segment, { maxTimestamp: T0 + 107, nowMs: T0 + 9999 })).toBe(false);
    expect(rolls(segment, { maxTimestamp: T0 + 108, nowMs: T0 })).toBe(true);
  });

  it('counts the age of a segment without timestamps from when it was made', () => {
    const segment = segmentWith(-1);
    expect(rolls(segment, { maxTimestamp: -1, nowMs: T0 + 100 })).toBe(false);
    expect(rolls(segment, { maxTimestamp: -1, nowMs: T0 + 101 })).toBe(true);
  });

  it('takes the jitter off the age', () => {
    expect(rolls(segmentWith(T0), { maxTimestamp: T0 + 70, jitterMs: 30 })).toBe(false);
    expect(rolls(segmentWith(T0), { maxTimestamp: T0 + 71, jitterMs: 30 })).toBe(true);
  });

  it('rolls when the offset index is full, or the time index but for its last slot', () => {
    const equalTimes = segmentWith(T0, T0, T0, T0, T0, T0);
    expect(equalTimes.openIndexes.offset.file.count).toBe(5);
    expect(equalTimes.openIndexes.time.file.count).toBe(1);
    expect(rolls(equalTimes, { config: { segmentIndexBytes: 48 } })).toBe(false);
    expect(rolls(equalTimes, { config: { segmentIndexBytes: 47 } })).toBe(true);
    const risingTimes = segmentWith(T0, T0 + 1, T0 + 2, T0 + 3);
    expect(rolls(risingTimes, { config: { segmentIndexBytes: 60 } })).toBe(false);
    expect(rolls(risingTimes, { config: { segmentIndexBytes: 59 } })).toBe(true);
  });

  it('rolls where the offset is too far from the base, also from an empty segment', () => {
    for (const segment of [segmentWith(T0), segmentWith()]) {
      expect(rolls(segment, { lastOffset: offset(BASE + 2 ** 31 - 1) })).toBe(false);
      expect(rolls(segment, { lastOffset: offset(BASE + 2 ** 31) })).toBe(true);
    }
  });
});
