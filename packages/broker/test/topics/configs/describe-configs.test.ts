import { readFileSync } from 'node:fs';
import { errorByCode, formatTopicConfig, parseBrokerConfig } from '@barnabas/model';
import type { PeerResponse } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { ID_A } from '../../support/topics/asked.ts';
import { TopicLab, topicOf } from '../../support/topics/topic-lab.ts';

const TOPIC = 2;
const BROKER = 4;

type Described = PeerResponse<'DescribeConfigs'>['results'][number];
type Asking = { includeSynonyms?: boolean; includeDocumentation?: boolean; keys?: string[] | null; version?: number };

describe('DescribeConfigs of a topic', () => {
  it('says what Kafka says', async () => {
    const file = new URL('./kafka-described-topic.json', import.meta.url);
    const { configs } = JSON.parse(readFileSync(file, 'utf8')) as { configs: { name: string }[] };
    const lab = await labWith({ 'log.segment.delete.delay.ms': '500', 'log.index.size.max.bytes': '65536' });
    await lab.have('t', topicOf(ID_A, 1, [1]), {
      'max.message.bytes': '900000',
      'min.insync.replicas': '2',
      'retention.ms': '-1',
      'segment.bytes': '2828',
      'index.interval.bytes': '307',
    });
    const result = await ask(lab, TOPIC, 't', { includeSynonyms: true });
    expect(result).toMatchObject({ errorCode: 0, errorMessage: '', resourceType: TOPIC, resourceName: 't' });
    const without = result.configs.map(({ isDefault: _, documentation, ...config }) => {
      expect(documentation).toBeNull();
      return config;
    });
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(without.toSorted(byName)).toEqual(configs.toSorted(byName));
  });

  it('sees a change as soon as it is made', async () => {
    const lab = await labWith();
    await lab.have('t', topicOf(ID_A, 1, [1]));
    const configs = [{ name: 'retention.ms', configOperation: 0, value: '5' }];
    const resources = [{ resourceType: TOPIC, resourceName: 't', configs }];
    await lab.ask('IncrementalAlterConfigs', { resources, validateOnly: false });
    const [retention] = (await ask(lab, TOPIC, 't', { keys: ['retention.ms'] })).configs;
    expect(retention).toMatchObject({ value: '5', configSource: 1 });
  });

  it('shows what is in force where ZooKeeper cannot be asked, or what is there cannot be read', async () => {
    const lab = await labWith();
    await lab.have('t', topicOf(ID_A, 1, [1]), { 'retention.ms': '5' });
    await lab.ensemble.run(lab.topicConfigs.load(lab.session));
    await lab.write('/config/topics/t', '{"config":');
    const shown = [await ask(lab, TOPIC, 't', { keys: ['retention.ms'] })];
    lab.coordination.session = undefined;
    shown.push(await ask(lab, TOPIC, 't', { keys: ['retention.ms'] }));
    expect(shown.map(({ configs }) => configs[0]?.value)).toEqual(['5', '5']);
    expect(lab.logged.filter((line) => line.startsWith('warn'))).toHaveLength(1);
  });

  it('shows what was asked for, with its synonyms and what it is for', async () => {
    const lab = await labWith({ 'log.retention.hours': '3' });
    await lab.have('t', topicOf(ID_A, 1, [1]));
    const keys = ['retention.ms', 'no.such'];
    const { configs } = await ask(lab, TOPIC, 't', { keys, includeSynonyms: true, includeDocumentation: true });
    expect(configs).toHaveLength(1);
    expect(configs[0]).toMatchObject({
      name: 'retention.ms',
      value: '10800000',
      configSource: 4,
      synonyms: [{ name: 'log.retention.hours', value: '3', source: 4 }],
      documentation: expect.stringMatching(/^Age of its newest record/),
    });
    expect((await ask(lab, TOPIC, 't', { keys: [] })).configs).toHaveLength(36);
  });

  it.each([0, 1, 2, 3, 4])('answers version %i', async (version) => {
    const lab = await labWith();
    await lab.have('t', topicOf(ID_A, 1, [1]), { 'retention.ms': '5' });
    const { configs } = await ask(lab, TOPIC, 't', { version, includeSynonyms: version > 0 });
    const isDefault = new Map(configs.map((config) => [config.name, config.isDefault]));
    expect([isDefault.get('retention.ms'), isDefault.get('segment.ms')]).toEqual([false, version === 0]);
  });
});

describe('DescribeConfigs of a broker', () => {
  it('says where each value comes from', async () => {
    const lab = await labWith({ 'num.partitions': '4', 'log.retention.hours': '3', 'no.such.secret': 'x' });
    const entries = new Map(
      (await ask(lab, BROKER, '1', { includeSynonyms: true })).configs.map((it) => [it.name, it]),
    );
    expect(entries.get('num.partitions')).toMatchObject({
      value: '4',
      configSource: 4,
      readOnly: true,
      configType: 3,
      synonyms: [
        { name: 'num.partitions', value: '4', source: 4 },
        { name: 'num.partitions', value: '1', source: 5 },
      ],
    });
    expect(entries.get('delete.topic.enable')).toMatchObject({ value: 'true', configSource: 5, configType: 1 });
    expect(entries.get('log.retention.ms')).toMatchObject({ value: '10800000', configSource: 4 });
    expect(entries.get('log.retention.hours')).toMatchObject({ value: '3', configSource: 4 });
    expect(entries.has('log.retention.minutes')).toBe(false);
    expect(entries.has('no.such.secret')).toBe(false);
    expect(entries.has('segment.bytes')).toBe(false);
  });

  it('shows no secret', async () => {
    const lab = await labWith({ 'ssl.key.password': 'pillow', 'ssl.keystore.location': '/keys' });
    const result = await ask(lab, BROKER, '1', { includeSynonyms: true, includeDocumentation: true });
    expect(result.configs.find(({ name }) => name === 'ssl.key.password')).toMatchObject({
      value: null,
      isSensitive: true,
      configType: 9,
      configSource: 4,
    });
    expect(JSON.stringify(result)).not.toContain('pillow');
    expect(JSON.stringify(result)).toContain('/keys');
  });

  it('knows of nothing that is set for all brokers while they run', async () => {
    const lab = await labWith({ 'num.partitions': '4' });
    expect(await ask(lab, BROKER, '')).toMatchObject({ errorCode: 0, configs: [] });
  });
});

describe('DescribeConfigs refuses', () => {
  it.each([
    ['a topic that is not there', TOPIC, 'none', 'UNKNOWN_TOPIC_OR_PARTITION', /no topic none/],
    ['a name that is none', TOPIC, 'a/b', 'INVALID_TOPIC_EXCEPTION', /cannot be called/],
    ['another broker', BROKER, '2', 'INVALID_REQUEST', /This is broker 1: ask "2" itself/],
    ['a broker that is none', BROKER, 'x', 'INVALID_REQUEST', /This is broker 1/],
    ['a logger', 8, '1', 'INVALID_REQUEST', /type 8 have no configuration here/],
  ])('%s', async (_what, type, name, error, message) => {
    const lab = await labWith();
    const result = await ask(lab, type, name);
    expect(errorByCode(result.errorCode).name).toBe(error);
    expect(result.errorMessage).toMatch(message);
    expect(result).toMatchObject({ resourceType: type, resourceName: name, configs: [] });
  });
});

async function labWith(set: Readonly<Record<string, string>> = {}): Promise<TopicLab> {
  const { broker, topicDefaults } = parseBrokerConfig(set);
  expect(Object.keys(formatTopicConfig(topicDefaults))).toHaveLength(36);
  return TopicLab.start({ broker: { properties: broker, topicDefaults, set: new Map(Object.entries(set)) } });
}

async function ask(lab: TopicLab, resourceType: number, resourceName: string, asking: Asking = {}): Promise<Described> {
  const { keys = null, version = 4, ...include } = asking;
  const resources = [{ resourceType, resourceName, configurationKeys: keys }];
  const { results } = await lab.ask('DescribeConfigs', { resources, ...include }, version);
  const [result] = results;
  if (result === undefined || results.length > 1) throw new Error(`${results.length} results`);
  return result;
}
