import { describe, expect, it } from 'vitest';
import {
  DEFAULT_LOG_CONFIG,
  formatTopicConfig,
  InvalidConfigError,
  KafkaError,
  type Properties,
  parseBrokerConfig,
  parseTopicConfig,
} from '../../src/index.ts';

function refusalOf(action: () => unknown): InvalidConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidConfigError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('parseTopicConfig', () => {
  it('puts what is set over the defaults', () => {
    const config = parseTopicConfig({ 'segment.bytes': '2828', 'cleanup.policy': 'compact, delete' });
    expect(config).toEqual({ ...DEFAULT_LOG_CONFIG, segmentBytes: 2828, cleanupPolicy: ['compact', 'delete'] });
  });

  it("puts what is set over the broker's configuration", () => {
    const base = parseTopicConfig({ 'segment.bytes': '2828', 'retention.ms': '5' });
    expect(parseTopicConfig({ 'retention.ms': '-1' }, base)).toMatchObject({ segmentBytes: 2828, retentionMs: -1 });
  });

  it('freezes what it gives', () => {
    const config = parseTopicConfig({ 'cleanup.policy': 'compact' });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.cleanupPolicy)).toBe(true);
  });

  it('reads the greatest long as no limit at all', () => {
    expect(parseTopicConfig({ 'retention.ms': '9223372036854775807' }).retentionMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('reads spaces around a value and signs as Kafka does', () => {
    expect(parseTopicConfig({ 'segment.bytes': ' +2828 ', preallocate: ' True ' })).toMatchObject({
      segmentBytes: 2828,
      preallocate: true,
    });
  });

  it('reads an empty list', () => {
    expect(parseTopicConfig({ 'cleanup.policy': '' }).cleanupPolicy).toEqual([]);
  });

  it.each([
    ['segment.bytes', '13', 'segment.bytes: "13" is not an integer from 14 to 2147483647'],
    [
      'segment.bytes',
      '99999999999999999999',
      'segment.bytes: "99999999999999999999" is not an integer from 14 to 2147483647',
    ],
    ['retention.ms', '-2', 'retention.ms: "-2" is not an integer from -1'],
    ['min.cleanable.dirty.ratio', '1.1', 'min.cleanable.dirty.ratio: "1.1" is not a number from 0 to 1'],
    ['preallocate', 'yes', 'preallocate: "yes" is not true or false'],
    [
      'cleanup.policy',
      'compact,shred',
      'cleanup.policy: "compact,shred" is not any of compact, delete, with commas between them',
    ],
    [
      'message.timestamp.type',
      'createtime',
      'message.timestamp.type: "createtime" is not one of CreateTime, LogAppendTime',
    ],
    ['message.format.version', 'new', 'message.format.version: "new" is not a version of Kafka'],
    ['remote.storage.enable', 'true', 'remote.storage.enable: "true" is not false'],
    ['segment.size', '1', 'segment.size: a topic has no such property'],
    ['__proto__', '1', '__proto__: a topic has no such property'],
  ])('refuses %s=%s and says why', (name, text, message) => {
    const refusal = refusalOf(() => parseTopicConfig(Object.fromEntries([[name, text]])));
    expect(refusal).toBeInstanceOf(KafkaError);
    expect(refusal).toMatchObject({ error: 'INVALID_CONFIG', name: 'InvalidConfigError', property: name, message });
  });

  it('refuses to call for the compaction of records that are safe from it', () => {
    const refusal = refusalOf(() => parseTopicConfig({ 'min.compaction.lag.ms': '11', 'max.compaction.lag.ms': '10' }));
    expect(refusal.message).toBe('min.compaction.lag.ms: 11 is more than max.compaction.lag.ms, which is 10');
  });

  it('does not repeat a long value at full length', () => {
    expect(refusalOf(() => parseTopicConfig({ 'segment.bytes': 'x'.repeat(10_000) })).message.length).toBeLessThan(200);
  });
});

describe('formatTopicConfig', () => {
  it('prints what parseTopicConfig reads', () => {
    const overrides: Properties = {
      'retention.ms': '9223372036854775807',
      'retention.bytes': '-9223372036854775808',
      'min.cleanable.dirty.ratio': '1.0',
      'cleanup.policy': 'compact,delete',
      'compression.type': 'zstd',
      'leader.replication.throttled.replicas': '0:1,1:2',
      'message.downconversion.enable': 'false',
    };
    expect(formatTopicConfig(parseTopicConfig(overrides))).toMatchObject(overrides);
  });

  it.each([
    ['0', '0.0'],
    ['.5', '0.5'],
    ['0.001', '0.001'],
    ['0.000125', '1.25E-4'],
  ])('prints the double %s as Java does', (text, printed) => {
    const config = parseTopicConfig({ 'min.cleanable.dirty.ratio': text });
    expect(formatTopicConfig(config)['min.cleanable.dirty.ratio']).toBe(printed);
  });
});

describe('parseBrokerConfig', () => {
  it('gives the defaults where nothing is set', () => {
    expect(parseBrokerConfig({}).topicDefaults).toEqual(DEFAULT_LOG_CONFIG);
  });

  it('leaves properties alone that it does not know', () => {
    expect(parseBrokerConfig({ 'broker.name': 'one' }).topicDefaults).toEqual(DEFAULT_LOG_CONFIG);
  });

  it('does not take a topic name for a broker name', () => {
    expect(parseBrokerConfig({ 'segment.bytes': '2828' }).topicDefaults.segmentBytes).toBe(1024 ** 3);
  });

  it.each<[string, Properties, number]>([
    ['hours', { 'log.retention.hours': '2' }, 7_200_000],
    ['minutes before hours', { 'log.retention.hours': '2', 'log.retention.minutes': '3' }, 180_000],
    [
      'milliseconds before all',
      { 'log.retention.hours': '2', 'log.retention.minutes': '3', 'log.retention.ms': '4' },
      4,
    ],
    ['no limit from a negative number of hours', { 'log.retention.hours': '-1' }, -1],
  ])('takes a retention in %s', (_, properties, retentionMs) => {
    expect(parseBrokerConfig(properties).topicDefaults.retentionMs).toBe(retentionMs);
  });

  it('takes the flush interval from that of the scheduler where it has none of its own', () => {
    const scheduler = { 'log.flush.scheduler.interval.ms': '7' };
    expect(parseBrokerConfig(scheduler).topicDefaults.flushMs).toBe(7);
    expect(parseBrokerConfig({ ...scheduler, 'log.flush.interval.ms': '8' }).topicDefaults.flushMs).toBe(8);
  });

  it('takes the number of a broker from node.id where there is no broker.id', () => {
    expect(parseBrokerConfig({ 'node.id': '7' }).broker.brokerId).toBe(7);
    expect(parseBrokerConfig({ 'node.id': '7', 'broker.id': '8' }).broker.brokerId).toBe(8);
  });

  it('gives undefined for what is not set and has no default', () => {
    expect(parseBrokerConfig({}).broker.brokerRack).toBeUndefined();
    expect(parseBrokerConfig({ 'broker.rack': ' a ' }).broker.brokerRack).toBe('a');
  });

  it('takes the directories from log.dirs before log.dir', () => {
    expect(parseBrokerConfig({ 'log.dir': '/a' }).broker.logDirs).toEqual(['/a']);
    expect(parseBrokerConfig({ 'log.dir': '/a', 'log.dirs': '/b, /c' }).broker.logDirs).toEqual(['/b', '/c']);
  });

  it.each([
    [
      'log.retention.hours',
      '99999999999',
      'log.retention.hours: "99999999999" is not an integer from -1, in units of 3600000 ms',
    ],
    ['log.roll.hours', '0', 'log.roll.hours: "0" is not an integer from 1, in units of 3600000 ms'],
    ['log.roll.hours', '', 'log.roll.hours: "" is not an integer from 1, in units of 3600000 ms'],
    ['log.flush', 'never', 'log.flush: "never" is not one of group, os'],
  ])('refuses %s=%s and says why', (name, text, message) => {
    expect(refusalOf(() => parseBrokerConfig({ [name]: text }))).toMatchObject({ property: name, message });
  });
});
