import { DEFAULT_LOG_CONFIG, parseTopicConfig } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { readableConfig } from '../../src/topics/readable-config.ts';

const NOTHING_BEFORE = { config: DEFAULT_LOG_CONFIG, overrides: new Map<string, string>() };

const read = (
  set: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> = {},
  base = DEFAULT_LOG_CONFIG,
) => {
  const was = { config: parseTopicConfig(before, base), overrides: new Map(Object.entries(before)) };
  return readableConfig(new Map(Object.entries(set)), base, was);
};

describe('readableConfig', () => {
  it('takes all that can be taken', () => {
    const { config, overrides, problems } = read({ 'retention.ms': '-1', 'segment.bytes': '1000' });
    expect(config).toMatchObject({ retentionMs: -1, segmentBytes: 1000 });
    expect([overrides.size, problems]).toEqual([2, []]);
  });

  it('passes over what this build does not know, and keeps the rest', () => {
    const { config, overrides, problems } = read({ 'from.the.future': '1', 'retention.ms': '-1', __proto__x: 'y' });
    expect(config.retentionMs).toBe(-1);
    expect([...overrides.keys()]).toEqual(['retention.ms']);
    expect(problems.map(({ property }) => property)).toEqual(['from.the.future', '__proto__x']);
  });

  it('keeps the last good value of a property that has a bad one', () => {
    const { config, problems } = read({ 'retention.ms': 'x', 'segment.bytes': '1000' }, { 'retention.ms': '-1' });
    expect(config).toMatchObject({ retentionMs: -1, segmentBytes: 1000 });
    expect(problems).toHaveLength(1);
  });

  it('takes what the broker sets where there was none', () => {
    expect(read({ 'retention.ms': 'x' }).config.retentionMs).toBe(DEFAULT_LOG_CONFIG.retentionMs);
  });

  it('resolves what contradicts itself, or what the broker sets', () => {
    const atOdds = { 'min.compaction.lag.ms': '9', 'max.compaction.lag.ms': '8', 'retention.ms': '-1' };
    expect(read(atOdds).config).toMatchObject({ minCompactionLagMs: 0, maxCompactionLagMs: 8, retentionMs: -1 });
    const base = parseTopicConfig({ 'min.compaction.lag.ms': '9' });
    expect(read({ 'max.compaction.lag.ms': '8' }, { 'retention.ms': '-1' }, base).config).toMatchObject({
      minCompactionLagMs: 9,
      retentionMs: -1,
    });
    expect(readableConfig(new Map([['max.compaction.lag.ms', '8']]), base, NOTHING_BEFORE).problems).toHaveLength(1);
  });
});
