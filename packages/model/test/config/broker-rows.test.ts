import { describe, expect, it } from 'vitest';
import {
  BROKER_ROWS,
  type ConfigRow,
  DEFAULT_BROKER_PROPERTIES,
  LOG_ROWS,
  parseBrokerConfig,
  USELESS_PROPERTIES,
} from '../../src/index.ts';
import { edgesOf, KAFKA } from './kafka-configs.ts';

const ROWS: [string, ConfigRow<unknown>][] = Object.entries(BROKER_ROWS);
const ALL_ROWS: ConfigRow<unknown>[] = Object.values({ ...LOG_ROWS, ...BROKER_ROWS });

/** In Kafka too, but not among the properties that it prints; the last two are its authorizer's. */
const NOT_PRINTED = [
  'log.initial.task.delay.ms',
  'producer.id.expiration.check.interval.ms',
  'allow.everyone.if.no.acl.found',
  'super.users',
];
const OUR_OWN = ['log.flush', 'rest.allowed.hosts'];
/** Where we know better than Kafka, or have to differ. */
const OTHER_DEFAULTS = [
  'inter.broker.listener.name',
  'listener.security.protocol.map',
  'listeners',
  'log.flush.offset.checkpoint.interval.ms',
  'num.recovery.threads.per.data.dir',
  'socket.listen.backlog.size',
  'zookeeper.max.in.flight.requests',
];

const USED = KAFKA.broker.filter(({ name }) => !USELESS_PROPERTIES.has(name));
const kafkaDefault = (wanted: string) => KAFKA.broker.find(({ name }) => name === wanted)?.default;

describe('the rows that a broker sets', () => {
  it("carry the names of Kafka 3.9.1's, and of its own only two", () => {
    const names = ALL_ROWS.flatMap(({ broker }) => broker.map(({ name }) => name));
    const expected = new Set([...USED.map(({ name }) => name), ...NOT_PRINTED, ...OUR_OWN]);
    expect(names.sort()).toEqual([...expected].sort());
  });

  it('name each field after its first name', () => {
    for (const [field, row] of ROWS) {
      expect(field).toBe(row.broker[0]?.name.replaceAll(/\.(.)/g, (_, letter: string) => letter.toUpperCase()));
    }
  });

  it.each(USED)('let $name change at run time where Kafka does', (property) => {
    const row = ALL_ROWS.find(({ broker }) => broker[0]?.name === property.name);
    if (row !== undefined) expect(row.dynamic).toBe(property.update !== 'read-only');
    else expect(property.update).toBe('read-only');
  });

  it.each(USED)('allow for $name what Kafka allows', (property) => {
    const { allowed, refused } = edgesOf(property);
    if (property.valid !== '') {
      for (const text of allowed) expect(() => parseBrokerConfig({ [property.name]: text })).not.toThrow();
    }
    for (const text of refused) {
      expect(() => parseBrokerConfig({ [property.name]: text })).toThrow(
        expect.objectContaining({ error: 'INVALID_CONFIG' }),
      );
    }
  });

  it('never print a password', () => {
    const { type } = BROKER_ROWS.sslKeyPassword;
    expect(type.format(type.parse('secret'))).toBe('[hidden]');
  });
});

describe('USELESS_PROPERTIES', () => {
  it('are properties of Kafka', () => {
    const names = KAFKA.broker.map(({ name }) => name);
    for (const name of USELESS_PROPERTIES.keys()) expect(names).toContain(name);
  });
});

describe('DEFAULT_BROKER_PROPERTIES', () => {
  it.each(
    ROWS.filter(([, { broker }]) => broker.every(({ name }) => kafkaDefault(name) !== undefined)).filter(
      ([field, { broker }]) => field !== 'logDirs' && !OTHER_DEFAULTS.includes(broker[0]?.name ?? ''),
    ),
  )('has the default of Kafka for %s', (_, row) => {
    const text = row.default === undefined ? null : row.type.format(row.default);
    expect(text).toBe(kafkaDefault(row.broker[0]?.name ?? ''));
  });

  it('writes recovery points down more often than Kafka', () => {
    expect(DEFAULT_BROKER_PROPERTIES.logFlushOffsetCheckpointIntervalMs).toBe(1000);
    expect(kafkaDefault('log.flush.offset.checkpoint.interval.ms')).toBe('60000');
  });

  it('flushes before it acknowledges', () => {
    expect(DEFAULT_BROKER_PROPERTIES.logFlush).toBe('group');
  });

  it("keeps the logs where Kafka's default is", () => {
    expect(DEFAULT_BROKER_PROPERTIES.logDirs).toEqual([kafkaDefault('log.dir')]);
  });

  it('has a listener for HTTP and one for other brokers', () => {
    expect(DEFAULT_BROKER_PROPERTIES.listeners).toBe('REST://:8081,PEERS://:9191');
    expect(DEFAULT_BROKER_PROPERTIES.interBrokerListenerName).toBe('PEERS');
  });
});
