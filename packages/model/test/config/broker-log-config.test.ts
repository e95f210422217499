import { describe, expect, it } from 'vitest';
import {
  BROKER_LOG_ROWS,
  type ConfigRow,
  DEFAULT_BROKER_LOG_CONFIG,
  LOG_ROWS,
  parseBrokerLogConfig,
} from '../../src/index.ts';
import { edgesOf, KAFKA } from './kafka-configs.ts';

const BROKER_ROWS: [string, ConfigRow<unknown>][] = Object.entries(BROKER_LOG_ROWS);
const ROWS: ConfigRow<unknown>[] = Object.values({ ...LOG_ROWS, ...BROKER_LOG_ROWS });

/** In Kafka too, but not among the properties that it prints. */
const INTERNAL = ['log.initial.task.delay.ms', 'producer.id.expiration.check.interval.ms'];
const OUR_OWN = ['log.flush'];

const kafkaDefault = (wanted: string) => KAFKA.broker.find(({ name }) => name === wanted)?.default;

describe('the rows about logs that a broker sets', () => {
  it("carry the names of Kafka 3.9.1's, and of its own only log.flush", () => {
    const names = ROWS.flatMap(({ broker }) => broker.map(({ name }) => name));
    expect(names.sort()).toEqual([...KAFKA.broker.map(({ name }) => name), ...INTERNAL, ...OUR_OWN].sort());
  });

  it('name each field after its first name', () => {
    for (const [field, row] of BROKER_ROWS) {
      expect(field).toBe(row.broker[0]?.name.replaceAll(/\.(.)/g, (_, letter: string) => letter.toUpperCase()));
    }
  });

  it.each(KAFKA.broker)('let $name change at run time where Kafka does', (property) => {
    const row = ROWS.find(({ broker }) => broker[0]?.name === property.name);
    if (row !== undefined) expect(row.dynamic).toBe(property.update !== 'read-only');
    else expect(property.update).toBe('read-only');
  });

  it.each(KAFKA.broker)('allow for $name what Kafka allows', (property) => {
    const { allowed, refused } = edgesOf(property);
    if (property.valid !== '') {
      for (const text of allowed) expect(() => parseBrokerLogConfig({ [property.name]: text })).not.toThrow();
    }
    for (const text of refused) {
      expect(() => parseBrokerLogConfig({ [property.name]: text })).toThrow(
        expect.objectContaining({ error: 'INVALID_CONFIG' }),
      );
    }
  });
});

describe('DEFAULT_BROKER_LOG_CONFIG', () => {
  it.each(
    BROKER_ROWS.filter(([field]) => field !== 'logDirs' && field !== 'logFlushOffsetCheckpointIntervalMs').filter(
      ([, { broker }]) => broker.every(({ name }) => kafkaDefault(name) !== undefined),
    ),
  )('has the default of Kafka for %s', (_, row) => {
    expect(row.type.format(row.default)).toBe(kafkaDefault(row.broker[0]?.name ?? ''));
  });

  it('writes recovery points down more often than Kafka', () => {
    expect(DEFAULT_BROKER_LOG_CONFIG.logFlushOffsetCheckpointIntervalMs).toBe(1000);
    expect(kafkaDefault('log.flush.offset.checkpoint.interval.ms')).toBe('60000');
  });

  it('flushes before it acknowledges', () => {
    expect(DEFAULT_BROKER_LOG_CONFIG.logFlush).toBe('group');
  });

  it("keeps the logs where Kafka's default is", () => {
    expect(DEFAULT_BROKER_LOG_CONFIG.logDirs).toEqual([kafkaDefault('log.dir')]);
  });
});
