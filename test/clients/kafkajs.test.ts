import { CompressionTypes, ConfigResourceTypes, type Consumer, type Kafka, type KafkaMessage } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { idempotentProducer, newKafkaJs } from '../support/clients/kafkajs.ts';
import { until } from '../support/until.ts';

const START_MAX_MS = 180_000;
const STEP_MAX_MS = 60_000;
const WAIT_MAX_MS = 30_000;
const RECORDS = 1000;
const PARTITIONS = 4;
const FIRST_TIME_MS = 1_600_000_000_000;
const CODECS = [
  { name: 'no compression', compression: CompressionTypes.None },
  { name: 'gzip', compression: CompressionTypes.GZIP },
];

type Member = { readonly consumer: Consumer; readonly read: KafkaMessage[]; owned: readonly number[] };

const values = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => `value ${from + at}`);
const valuesOf = ({ read }: Member): string[] => read.map(({ value }) => `${value}`);

describe('KafkaJS on three brokers', () => {
  let scene: ClientScene;
  let kafka: Kafka;
  const consumers: Consumer[] = [];

  beforeAll(async () => {
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '200' });
    kafka = newKafkaJs(scene.cluster.bootstrapServers);
  }, START_MAX_MS);
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.disconnect()));
  });
  afterAll(() => scene?.close());

  /** A member of the group, that reads from where the group has committed, or from the start. */
  const join = async (groupId: string, topic: string): Promise<Member> => {
    const consumer = kafka.consumer({ groupId, sessionTimeout: 6000, heartbeatInterval: 300, maxWaitTimeInMs: 200 });
    consumers.push(consumer);
    const member: Member = { consumer, read: [], owned: [] };
    consumer.on('consumer.group_join', ({ payload }) => {
      member.owned = payload.memberAssignment[topic] ?? [];
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const eachMessage = async ({ message }: { message: KafkaMessage }): Promise<void> => {
      member.read.push(message);
    };
    await consumer.run({ eachMessage, autoCommitInterval: 200 });
    return member;
  };
  const leave = async ({ consumer }: Member): Promise<void> => {
    consumers.splice(consumers.indexOf(consumer), 1);
    await consumer.disconnect();
  };
  const whenRead = (member: Member, count: number): Promise<true> =>
    until(`${count} records are read`, WAIT_MAX_MS, async () => member.read.length >= count || undefined);
  /** Spread over the partitions, one record each in turn; at times a second apart. */
  const produce = async (topic: string, lines: readonly string[], compression = CompressionTypes.None) => {
    const producer = await idempotentProducer(kafka);
    const messages = lines.map((value, at) => ({
      key: `key of ${value}`,
      value,
      headers: { number: `${at}` },
      timestamp: `${FIRST_TIME_MS + 1000 * at}`,
    }));
    const [partition] = await producer.send({ topic, acks: -1, compression, messages });
    await producer.disconnect();
    return partition;
  };

  it.each(CODECS)(
    'produces with idempotence and $name, and reads all of it in a group',
    async ({ name, compression }) => {
      const topic = `codec-${name.replaceAll(' ', '-')}`;
      await scene.createTopic(topic);
      expect(await produce(topic, values(RECORDS), compression)).toMatchObject({ errorCode: 0, baseOffset: '0' });
      const member = await join(`${topic}-readers`, topic);
      await whenRead(member, RECORDS);
      expect(valuesOf(member)).toEqual(values(RECORDS));
      expect(member.read.map(({ offset }) => Number(offset))).toEqual(member.read.map((_, at) => at));
      expect(`${member.read[7]?.headers?.number} ${member.read[7]?.key}`).toBe('7 key of value 7');
    },
    STEP_MAX_MS,
  );

  it(
    'shares a topic between the members of a group, and goes on where one that left has committed',
    async () => {
      await scene.createTopic('shared', PARTITIONS);
      await produce('shared', values(RECORDS));
      const one = await join('sharing', 'shared');
      await whenRead(one, RECORDS);
      const two = await join('sharing', 'shared');
      const halves = [PARTITIONS / 2, PARTITIONS / 2];
      await until('they share', WAIT_MAX_MS, async () => {
        const counts = [one.owned.length, two.owned.length];
        return counts.join() === halves.join() || undefined;
      });
      expect([...one.owned, ...two.owned].toSorted()).toEqual([0, 1, 2, 3]);
      const description = await one.consumer.describeGroup();
      expect(description).toMatchObject({ state: 'Stable', protocolType: 'consumer', protocol: 'RoundRobinAssigner' });
      expect(description.members).toHaveLength(2);
      await leave(one);
      await until('two has all', WAIT_MAX_MS, async () => two.owned.length === PARTITIONS || undefined);
      await produce('shared', values(RECORDS, RECORDS));
      await whenRead(two, RECORDS);
      expect(valuesOf(two).toSorted()).toEqual(values(RECORDS, RECORDS).toSorted());
    },
    STEP_MAX_MS,
  );

  it(
    'reads from where it is sent, and from what was committed by hand',
    async () => {
      await scene.createTopic('sought');
      await produce('sought', values(20));
      const member = await join('seekers', 'sought');
      await whenRead(member, 20);
      member.consumer.seek({ topic: 'sought', partition: 0, offset: '15' });
      await whenRead(member, 25);
      expect(valuesOf(member).slice(20)).toEqual(values(5, 15));
      await leave(member);
      const admin = kafka.admin();
      await admin.connect();
      const committed = async () => (await admin.fetchOffsets({ groupId: 'seekers', topics: ['sought'] }))[0];
      expect((await committed())?.partitions).toMatchObject([{ partition: 0, offset: '20' }]);
      await admin.setOffsets({ groupId: 'seekers', topic: 'sought', partitions: [{ partition: 0, offset: '18' }] });
      expect((await committed())?.partitions).toMatchObject([{ partition: 0, offset: '18' }]);
      const again = await join('seekers', 'sought');
      await whenRead(again, 2);
      expect(valuesOf(again)).toEqual(values(2, 18));
      await admin.disconnect();
    },
    STEP_MAX_MS,
  );

  it(
    'makes, changes, reads and removes topics',
    async () => {
      const admin = kafka.admin();
      await admin.connect();
      const topic = 'administered';
      const settings = { topic, numPartitions: 2, replicationFactor: 3 };
      const configEntries = [{ name: 'retention.ms', value: '-1' }];
      expect(await admin.createTopics({ topics: [{ ...settings, configEntries }], waitForLeaders: true })).toBe(true);
      expect(await admin.createTopics({ topics: [settings] })).toBe(false);
      expect(await admin.listTopics()).toContain(topic);
      await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
      const metadata = await until('it has three partitions', WAIT_MAX_MS, async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const [found] = topics;
        return found?.partitions.length === 3 && found.partitions.every(({ leader }) => leader > 0) ? found : undefined;
      });
      expect(metadata.partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3]);
      const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms'] }];
      const { resources: described } = await admin.describeConfigs({ resources, includeSynonyms: true });
      expect(described[0]?.configEntries).toMatchObject([
        { configName: 'retention.ms', configValue: '-1', isDefault: false },
      ]);
      await admin.deleteTopics({ topics: [topic] });
      await until('it is gone', WAIT_MAX_MS, async () => !(await admin.listTopics()).includes(topic) || undefined);
      const cluster = await admin.describeCluster();
      expect(cluster.brokers.map(({ nodeId, port }) => `${nodeId} 127.0.0.1:${port}`).toSorted()).toEqual(
        scene.cluster.brokers.map(({ id, kafkaAddress }) => `${id} ${kafkaAddress}`),
      );
      await admin.disconnect();
    },
    STEP_MAX_MS,
  );

  it(
    'finds offsets by time, and deletes records before an offset',
    async () => {
      const admin = kafka.admin();
      await admin.connect();
      await scene.createTopic('cut');
      await produce('cut', values(10));
      expect(await admin.fetchTopicOffsets('cut')).toMatchObject([{ partition: 0, low: '0', high: '10' }]);
      expect(await admin.fetchTopicOffsetsByTimestamp('cut', FIRST_TIME_MS + 2500)).toEqual([
        { partition: 0, offset: '3' },
      ]);
      await admin.deleteTopicRecords({ topic: 'cut', partitions: [{ partition: 0, offset: '4' }] });
      expect(await admin.fetchTopicOffsets('cut')).toMatchObject([{ partition: 0, low: '4', high: '10' }]);
      const member = await join('readers-of-the-rest', 'cut');
      await whenRead(member, 6);
      expect(valuesOf(member)).toEqual(values(6, 4));
      await admin.disconnect();
    },
    STEP_MAX_MS,
  );

  it(
    'lists, describes and deletes groups, but none that has members',
    async () => {
      const admin = kafka.admin();
      await admin.connect();
      await scene.createTopic('listed');
      const member = await join('listed-group', 'listed');
      await until('it has the partition', WAIT_MAX_MS, async () => member.owned.length === 1 || undefined);
      const ids = async (): Promise<string[]> => (await admin.listGroups()).groups.map(({ groupId }) => groupId);
      expect(await ids()).toContain('listed-group');
      const refused = admin.deleteGroups(['listed-group']);
      await expect(refused).rejects.toMatchObject({ groups: [{ groupId: 'listed-group', error: { code: 68 } }] });
      await leave(member);
      expect((await admin.describeGroups(['listed-group'])).groups).toMatchObject([{ state: 'Empty', members: [] }]);
      await admin.deleteGroups(['listed-group']);
      expect(await ids()).not.toContain('listed-group');
      await admin.disconnect();
    },
    STEP_MAX_MS,
  );
});
