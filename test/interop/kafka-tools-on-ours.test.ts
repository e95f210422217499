import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { restDoor } from '../support/clients/doors/rest-door.ts';
import { kafkaClassPath } from '../support/java/kafka-jars.ts';
import { until } from '../support/until.ts';
import { describeWithKafka } from './support/describe-with-kafka.ts';
import { linesOf } from './support/java-tool.ts';
import { KafkaMember } from './support/kafka-member.ts';
import { KafkaTools, type Row } from './support/kafka-tools.ts';

const TOPICS = 'org.apache.kafka.tools.TopicCommand';
const GROUPS = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
const RECORDS = 20_000;
const WAIT_MAX_MS = 30_000;
const MINUTE_MS = 60_000;
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const GROUP = 'reset-readers';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `value ${at}`);

describeWithKafka('The tools of Apache Kafka on three brokers of ours', () => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-kafka-tools-'));
  let classPath: string;
  let tools: KafkaTools;
  let scene: ClientScene;
  let servers: string;

  beforeAll(async () => {
    classPath = await kafkaClassPath();
    tools = new KafkaTools(classPath);
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '100' });
    servers = scene.cluster.bootstrapServers;
  });
  afterAll(async () => {
    await scene?.close();
    rmSync(dir, { recursive: true });
  });

  it('makes, lists, describes, widens and deletes topics', async () => {
    await tools.createTopic(servers, 'administered', 2, 3);
    await scene.cluster.whenInSync('administered');
    expect(await tools.run(TOPICS, servers, '--list')).toContain('administered');
    await tools.run(TOPICS, servers, '--alter', '--topic', 'administered', '--partitions', '3');
    const [topic, ...partitions] = await until('it has three partitions', WAIT_MAX_MS, async () => {
      const rows = await tools.describeTopic(servers, 'administered');
      return rows.length === 4 ? rows : undefined;
    });
    expect(topic).toMatchObject({ Topic: 'administered', PartitionCount: '3', ReplicationFactor: '3' });
    expect(partitions.map(({ Partition, Replicas }) => [Partition, Replicas?.split(',').length])).toEqual([
      ['0', 3],
      ['1', 3],
      ['2', 3],
    ]);
    await tools.run(TOPICS, servers, '--delete', '--topic', 'administered');
    await until('it is gone', WAIT_MAX_MS, async () => {
      return !(await tools.run(TOPICS, servers, '--list')).includes('administered') || undefined;
    });
  });

  it.each(CODECS)('writes lines with %s, and reads them', async (codec) => {
    const topic = `console-${codec}`;
    await scene.createTopic(topic);
    const lines = numbered(100).map((value, at) => `h:v\tkey ${at}:${value}`);
    await tools.produce(servers, topic, lines, '--property', 'parse.headers=true', '--compression-codec', codec);
    const read = await tools.consume(servers, { topic, isolation: 'read_committed', countMax: 100 });
    expect(read.map((line) => line.replace(/^CreateTime:\d+\t/, ''))).toEqual(
      numbered(100).map((value, at) => `Partition:0\tOffset:${at}\th:v\tkey ${at}\t${value}`),
    );
  });

  it('writes and reads at full speed', async () => {
    const topic = 'perf';
    await scene.createTopic(topic, 3);
    const written = await linesOf({
      classPath,
      mainClass: 'org.apache.kafka.tools.ProducerPerformance',
      args: [
        ...['--topic', topic, '--num-records', `${RECORDS}`, '--record-size', '100', '--throughput', '-1'],
        ...['--producer-props', `bootstrap.servers=${servers}`, 'acks=all'],
      ],
    });
    expect(written.at(-1)).toMatch(`${RECORDS} records sent`);
    const ends = await tools.offsets(servers, topic, -1);
    expect([...ends.values()].reduce((sum, end) => sum + end, 0)).toBe(RECORDS);
    const args = ['--topic', topic, '--messages', `${RECORDS}`, '--hide-header'];
    const read = await tools.run('org.apache.kafka.tools.ConsumerPerformance', servers, ...args);
    // start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, ...
    expect(read.at(-1)?.split(', ')[4]).toBe(`${RECORDS}`);
  });

  it('finds offsets, and deletes records before one', async () => {
    const topic = 'cut';
    await scene.createTopic(topic, 2);
    await tools.produce(
      servers,
      topic,
      numbered(100).map((value) => `${value}:${value}`),
    );
    const ends = await tools.offsets(servers, topic, -1);
    expect((ends.get(0) ?? 0) + (ends.get(1) ?? 0)).toBe(100);
    expect(Object.fromEntries(await tools.offsets(servers, topic, -2))).toEqual({ 0: 0, 1: 0 });
    const file = join(dir, 'offsets.json');
    writeFileSync(file, JSON.stringify({ version: 1, partitions: [{ topic, partition: 1, offset: 7 }] }));
    const said = await tools.run('org.apache.kafka.tools.DeleteRecordsCommand', servers, '--offset-json-file', file);
    expect(said.join('\n')).toContain('partition: cut-1\tlow_watermark: 7');
    expect(Object.fromEntries(await tools.offsets(servers, topic, -2))).toEqual({ 0: 0, 1: 7 });
    expect(await tools.offsets(servers, topic, -1)).toEqual(ends);
  });

  it('gives the preferred replicas their partitions back', async () => {
    await scene.createTopic('led');
    const leader = await scene.cluster.leaderOf('led', 0);
    await leader.kill();
    await until('another leads', WAIT_MAX_MS, async () => {
      return (await scene.cluster.leaderOf('led', 0)) !== leader || undefined;
    });
    leader.start();
    await scene.cluster.whenReady();
    await scene.cluster.whenInSync('led');
    const args = ['--election-type', 'preferred', '--topic', 'led', '--partition', '0'];
    await tools.run('org.apache.kafka.tools.LeaderElectionCommand', servers, ...args);
    expect((await scene.cluster.leaderOf('led', 0)).id).toBe(leader.id);
  });

  it('sets the offsets of a group back and forth in every way, and deletes them', async () => {
    const topic = 'reset';
    await scene.createTopic(topic);
    const nowMs = Date.now();
    /** A minute apart: the last is a minute old. */
    const timeOf = (offset: number): number => nowMs - (10 - offset) * MINUTE_MS;
    const records = numbered(10).map((value, offset) => {
      return { key: null, value: base64(value), headers: [], timestamp: timeOf(offset) };
    });
    const [url = ''] = scene.cluster.restUrls;
    await restDoor(url).produce(topic, records);
    expect(await tools.consumeInGroup(servers, topic, GROUP, 8)).toEqual(numbered(8));

    const place = async (): Promise<Row | undefined> => (await tools.groupOffsets(servers, GROUP))[0];
    expect(await place()).toMatchObject({ 'CURRENT-OFFSET': '8', 'LOG-END-OFFSET': '10', LAG: '2' });
    const reset = async (...how: readonly string[]): Promise<string | undefined> => {
      const args = ['--reset-offsets', '--group', GROUP, '--topic', topic, ...how];
      // All in one line: the names of the columns, then the group, the topic, the partition and the offset.
      return (await tools.run(GROUPS, servers, ...args)).join(' ').trim().split(/\s+/).at(-1);
    };
    const file = join(dir, 'reset.csv');
    writeFileSync(file, `${topic},0,6\n`);
    expect(await reset('--to-earliest', '--dry-run')).toBe('0');
    expect((await place())?.['CURRENT-OFFSET']).toBe('8');
    const outcomes = [
      await reset('--shift-by', '-3', '--execute'),
      await reset('--to-earliest', '--execute'),
      await reset('--to-latest', '--execute'),
      await reset('--to-offset', '4', '--execute'),
      await reset('--to-current', '--execute'),
      await reset('--by-duration', 'PT4M30S', '--execute'),
      await reset('--to-datetime', new Date(timeOf(3)).toISOString().replace('Z', '+00:00'), '--execute'),
      await reset('--from-file', file, '--execute'),
    ];
    expect(outcomes).toEqual(['5', '0', '10', '4', '4', '6', '3', '6']);
    expect((await place())?.['CURRENT-OFFSET']).toBe('6');

    // The columns are of a width that they have at least; nobody assigns anything.
    const [, , state] = await tools.run(GROUPS, servers, '--describe', '--state', '--group', GROUP);
    expect(state).toMatch(/^reset-readers .* Empty +0 *$/);
    await tools.groups(servers, '--delete-offsets', '--group', GROUP, '--topic', `${topic}:0`);
    expect(await place()).toBeUndefined();
  });

  it('describes the members of a group, and deletes it once they are gone', async () => {
    const [topic, group] = ['membered', 'membered-readers'];
    await scene.createTopic(topic, 2);
    await tools.produce(servers, topic, ['a key:1']);
    const member = new KafkaMember(classPath, servers, group, topic);
    try {
      await until('it reads', WAIT_MAX_MS, async () => member.read.length > 0 || undefined);
      expect(await tools.groups(servers, '--describe', '--members', '--group', group)).toMatchObject([
        { GROUP: group, '#PARTITIONS': '2' },
      ]);
      const refused = await tools.run(GROUPS, servers, '--delete', '--group', group);
      expect(refused.join()).toContain('GroupNotEmptyException');
    } finally {
      await member.leave();
    }
    const names = (): Promise<string[]> => tools.run(GROUPS, servers, '--list');
    expect(await names()).toContain(group);
    await tools.groups(servers, '--delete', '--group', group);
    expect(await names()).not.toContain(group);
  });
});
