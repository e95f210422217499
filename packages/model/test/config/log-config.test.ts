import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type ConfigRow,
  DEFAULT_LOG_CONFIG,
  formatTopicConfig,
  LOG_ROWS,
  type LogConfig,
  parseTopicConfig,
} from '../../src/index.ts';
import { edgesOf, KAFKA } from './kafka-configs.ts';

const ROWS: [string, ConfigRow<unknown>][] = Object.entries(LOG_ROWS);

describe('LOG_ROWS', () => {
  it('has the topic properties of Kafka 3.9.1, no more and no less', () => {
    expect(ROWS.map(([, row]) => row.topic).sort()).toEqual(KAFKA.topic.map(({ name }) => name).sort());
  });

  it('names each field after its topic property', () => {
    for (const [field, row] of ROWS) {
      expect(field).toBe(row.topic?.replaceAll(/\.(.)/g, (_, letter: string) => letter.toUpperCase()));
    }
  });

  it.each(KAFKA.topic)('gives $name the type and broker property that it has in Kafka', (property) => {
    const row = ROWS.find(([, { topic }]) => topic === property.name)?.[1];
    expect(row?.type.name).toBe(property.type);
    expect(row?.broker[0]?.name ?? null).toBe(property.broker);
  });

  it.each(KAFKA.topic)('allows for $name what Kafka allows', (property) => {
    const { allowed, refused } = edgesOf(property);
    for (const text of allowed) expect(() => parseTopicConfig({ [property.name]: text })).not.toThrow();
    for (const text of refused) {
      expect(() => parseTopicConfig({ [property.name]: text })).toThrow(
        expect.objectContaining({ error: 'INVALID_CONFIG' }),
      );
    }
  });
});

describe('DEFAULT_LOG_CONFIG', () => {
  it("prints as Kafka's own defaults", () => {
    const defaults = Object.fromEntries(KAFKA.topic.map(({ name, default: text }) => [name, text]));
    expect(formatTopicConfig(DEFAULT_LOG_CONFIG)).toEqual(defaults);
  });

  it('is frozen, its lists too', () => {
    expect(Object.isFrozen(DEFAULT_LOG_CONFIG)).toBe(true);
    expect(Object.isFrozen(DEFAULT_LOG_CONFIG.cleanupPolicy)).toBe(true);
  });

  it('has the type that its rows say', () => {
    expectTypeOf<LogConfig['segmentBytes']>().toEqualTypeOf<number>();
    expectTypeOf<LogConfig['preallocate']>().toEqualTypeOf<boolean>();
    expectTypeOf<LogConfig['cleanupPolicy']>().toEqualTypeOf<readonly ('compact' | 'delete')[]>();
    expectTypeOf<LogConfig['messageTimestampType']>().toEqualTypeOf<'CreateTime' | 'LogAppendTime'>();
    expect(DEFAULT_LOG_CONFIG.segmentMs).toBe(7 * 24 * 3600 * 1000);
  });
});
