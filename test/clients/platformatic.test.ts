import {
  Admin,
  CompressionAlgorithms,
  type CompressionAlgorithmValue,
  ConfigResourceTypes,
  Consumer,
  type Message,
} from '@platformatic/kafka';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { baseOptions, idempotentProducer, textOf } from '../support/clients/platformatic.ts';
import { until } from '../support/until.ts';

const START_MAX_MS = 180_000;
const STEP_MAX_MS = 60_000;
const WAIT_MAX_MS = 30_000;
const RECORDS = 1000;
const PARTITIONS = 4;
const FIRST_TIME_MS = 1_600_000_000_000;
const CODECS = Object.values(CompressionAlgorithms);

type Member = { readonly consumer: Consumer; readonly read: Message[]; readonly close: () => Promise<void> };

const values = (count: number, from = 0): string[] => Array.from({ length: count }, (_, at) => `value ${from + at}`);

describe('@platformatic/kafka on three brokers', () => {
  let scene: ClientScene;
  let admin: Admin;
  const members: Member[] = [];

  beforeAll(async () => {
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '200' });
    admin = new Admin(baseOptions(scene.cluster.bootstrapServers));
  }, START_MAX_MS);
  afterEach(async () => {
    for (const { close } of members.splice(0)) await close();
  });
  afterAll(async () => {
    await admin?.close();
    await scene?.close();
  });

  /** A member of the group, that reads from where the group has committed, or from the start. */
  const join = async (groupId: string, topic: string): Promise<Member> => {
    const consumer = new Consumer({
      ...baseOptions(scene.cluster.bootstrapServers),
      groupId,
      sessionTimeout: 6000,
      heartbeatInterval: 300,
      maxWaitTime: 200,
    });
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: 200,
    });
    const read: Message[] = [];
    stream.on('data', (message) => read.push(message));
    const close = async (): Promise<void> => {
      await stream.close();
      await consumer.close();
    };
    const member = { consumer, read, close };
    members.push(member);
    return member;
  };
  const leave = async (member: Member): Promise<void> => {
    members.splice(members.indexOf(member), 1);
    await member.close();
  };
  const owned = ({ consumer }: Member): number[] => consumer.assignments?.flatMap(({ partitions }) => partitions) ?? [];
  const whenRead = (member: Member, count: number): Promise<true> =>
    until(`${count} records are read`, WAIT_MAX_MS, async () => member.read.length >= count || undefined);
  /** Spread over the partitions, one record each in turn; at times a second apart. */
  const produce = async (
    topic: string,
    lines: readonly string[],
    partitions = 1,
    compression: CompressionAlgorithmValue = 'none',
  ) => {
    const producer = idempotentProducer(scene.cluster.bootstrapServers);
    const messages = lines.map((value, at) => ({
      topic,
      partition: at % partitions,
      key: Buffer.from(`key of ${value}`),
      value: Buffer.from(value),
      headers: new Map([[Buffer.from('number'), Buffer.from(`${at}`)]]),
      timestamp: BigInt(FIRST_TIME_MS + 1000 * at),
    }));
    const { offsets } = await producer.send({ messages, compression });
    await producer.close();
    return offsets;
  };

  it.each(CODECS)(
    'produces with idempotence and %s, and reads all of it in a group',
    async (codec) => {
      const topic = `codec-${codec}`;
      await scene.createTopic(topic);
      expect(await produce(topic, values(RECORDS), 1, codec)).toEqual([{ topic, partition: 0, offset: 0n }]);
      const member = await join(`${topic}-readers`, topic);
      await whenRead(member, RECORDS);
      expect(member.read.map(textOf)).toEqual(values(RECORDS));
      expect(member.read.map(({ offset }) => Number(offset))).toEqual(member.read.map((_, at) => at));
      expect(`${member.read[7]?.key}, ${member.read[7]?.headerEntries}`).toBe('key of value 7, number,7');
    },
    STEP_MAX_MS,
  );

  it(
    'shares a topic between the members of a group, and goes on where one that left has committed',
    async () => {
      await scene.createTopic('shared', PARTITIONS);
      await produce('shared', values(RECORDS), PARTITIONS);
      const one = await join('sharing', 'shared');
      await whenRead(one, RECORDS);
      const two = await join('sharing', 'shared');
      const half = PARTITIONS / 2;
      await until('they share', WAIT_MAX_MS, async () => {
        return (owned(one).length === half && owned(two).length === half) || undefined;
      });
      expect([...owned(one), ...owned(two)].toSorted()).toEqual([0, 1, 2, 3]);
      const group = (await admin.describeGroups({ groups: ['sharing'] })).get('sharing');
      expect(group).toMatchObject({ state: 'Stable', protocolType: 'consumer', protocol: 'roundrobin' });
      expect(group?.members.size).toBe(2);
      await leave(one);
      await until('two has all', WAIT_MAX_MS, async () => owned(two).length === PARTITIONS || undefined);
      await produce('shared', values(RECORDS, RECORDS), PARTITIONS);
      await whenRead(two, RECORDS);
      expect(two.read.map(textOf).toSorted()).toEqual(values(RECORDS, RECORDS).toSorted());
    },
    STEP_MAX_MS,
  );

  it(
    'lists, changes and deletes what a group has committed, and the group',
    async () => {
      await scene.createTopic('committed', 2);
      await produce('committed', values(40), 2);
      const groupId = 'committers';
      const member = await join(groupId, 'committed');
      await whenRead(member, 40);
      await leave(member);
      const committed = async () => {
        const [group] = await admin.listConsumerGroupOffsets({ groups: [groupId] });
        const partitions = group?.topics.flatMap((topic) => topic.partitions) ?? [];
        return partitions
          .toSorted((one, other) => one.partitionIndex - other.partitionIndex)
          .map(({ committedOffset }) => committedOffset);
      };
      expect(await committed()).toEqual([20n, 20n]);
      const partitionOffsets = [{ partition: 0, offset: 18n }];
      await admin.alterConsumerGroupOffsets({ groupId, topics: [{ name: 'committed', partitionOffsets }] });
      expect(await committed()).toEqual([18n, 20n]);
      const again = await join(groupId, 'committed');
      await whenRead(again, 2);
      expect(again.read.map(textOf)).toEqual(['value 36', 'value 38']);
      await leave(again);
      await admin.deleteConsumerGroupOffsets({ groupId, topics: [{ name: 'committed', partitionIndexes: [0] }] });
      expect(await committed()).toEqual([20n]);
      expect([...(await admin.listGroups()).keys()]).toContain(groupId);
      await admin.deleteGroups({ groups: [groupId] });
      expect([...(await admin.listGroups()).keys()]).not.toContain(groupId);
    },
    STEP_MAX_MS,
  );

  it(
    'makes, changes, reads and removes topics',
    async () => {
      const topic = 'administered';
      const configs = [{ name: 'retention.ms', value: '-1' }];
      const created = await admin.createTopics({ topics: [topic], partitions: 2, replicas: 3, configs });
      expect(created).toMatchObject([{ name: topic, partitions: 2, replicas: 3 }]);
      await admin.createPartitions({ topics: [{ name: topic, count: 3 }] });
      await until('it has three partitions', WAIT_MAX_MS, async () => {
        const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
        return topics.get(topic)?.partitionsCount === 3 || undefined;
      });
      const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic };
      const retention = async () => {
        const resources = [{ ...resource, configurationKeys: ['retention.ms'] }];
        const [described] = await admin.describeConfigs({ resources, includeSynonyms: true });
        return described?.configs[0]?.value;
      };
      expect(await retention()).toBe('-1');
      const change = { name: 'retention.ms', configOperation: 0, value: '100000' } as const;
      await admin.incrementalAlterConfigs({ resources: [{ ...resource, configs: [change] }] });
      await until('the config is another', WAIT_MAX_MS, async () => (await retention()) === '100000' || undefined);
      await admin.deleteTopics({ topics: [topic] });
      await until('it is gone', WAIT_MAX_MS, async () => !(await admin.listTopics()).includes(topic) || undefined);
    },
    STEP_MAX_MS,
  );

  it(
    'finds offsets by time, deletes records before an offset, and is told how much is on the disks',
    async () => {
      await scene.createTopic('cut');
      await produce('cut', values(10));
      const offsetAt = async (timestamp: bigint) => {
        const partitions = [{ partitionIndex: 0, timestamp }];
        const [topic] = await admin.listOffsets({ topics: [{ name: 'cut', partitions }] });
        return topic?.partitions[0]?.offset;
      };
      expect(await offsetAt(-1n)).toBe(10n);
      expect(await offsetAt(BigInt(FIRST_TIME_MS + 2500))).toBe(3n);
      const deleted = await admin.deleteRecords({
        topics: [{ name: 'cut', partitions: [{ partition: 0, offset: 4n }] }],
      });
      expect(deleted).toMatchObject([{ name: 'cut', partitions: [{ partition: 0, lowWatermark: 4n }] }]);
      expect(await offsetAt(-2n)).toBe(4n);
      const brokers = await admin.describeLogDirs({ topics: [{ name: 'cut', partitions: [0] }] });
      const sizes = brokers.map(({ results }) => results[0]?.topics[0]?.partitions[0]?.partitionSize ?? 0n);
      expect(sizes).toHaveLength(3);
      expect(sizes.every((size) => size > 0n && size === sizes[0])).toBe(true);
    },
    STEP_MAX_MS,
  );
});
