import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@barnabas/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClusterProcesses, type TopicDescription } from '../support/cluster/cluster-processes.ts';
import { Witness } from '../support/cluster/witness.ts';
import { kafkaClassPath } from '../support/java/kafka-jars.ts';
import { until } from '../support/until.ts';
import type { Ensemble } from '../support/zookeeper/ensemble.ts';
import { realZooKeeper } from '../support/zookeeper/real-zookeeper.ts';
import { shout } from '../support/zookeeper/say.ts';
import { describeWithKafka } from './support/describe-with-kafka.ts';
import { linesOf } from './support/java-tool.ts';
import { KafkaBroker } from './support/kafka-broker.ts';
import { KafkaProducer } from './support/kafka-producer.ts';
import { consumerLine } from './support/kafka-text.ts';
import { KafkaTools } from './support/kafka-tools.ts';

const CHROOT = '/clusters/moved';
const TOPIC = 'orders';
const PARTITIONS = 3;
const CONFIGS = { 'min.insync.replicas': '2', 'segment.bytes': '65536', 'retention.ms': '-1' };
const OURS = 3000;
const KAFKAS = 2000;
const SYNC_MAX_MS = 60_000;
const READ_CLUSTER = join(import.meta.dirname, 'kafka-zk-client/ReadCluster.java');
const IDS = [1, 2, 3];
const LAST = 3;

/** A record that was acknowledged; `line` is what Kafka's consumer prints of one of ours. */
type Written = { readonly key: string | null; readonly value: string; readonly line: string };

const hasNoCompiler = process.env.CI !== 'true' && spawnSync('javac', ['-version']).status !== 0;
if (hasNoCompiler)
  shout("NOT RUN: Kafka's own client of ZooKeeper. Missing: a Java compiler, javac (on Debian: default-jdk-headless)");

/** Steps of one story: a cluster of ours, which Kafka's brokers take over, and ours again after them. */
describeWithKafka("A cluster's ZooKeeper and directories, and Kafka's brokers", () => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-kafka-after-cluster-'));
  const kafkas: KafkaBroker[] = [];
  /** By partition and offset. */
  const written: Written[][] = Array.from({ length: PARTITIONS }, () => []);
  let classPath: string;
  let tools: KafkaTools;
  let zookeeper: Ensemble;
  let zookeeperConnect: string;
  let cluster: ClusterProcesses;
  let witness: Witness;
  let before: TopicDescription;

  beforeAll(async () => {
    classPath = await kafkaClassPath();
    tools = new KafkaTools(classPath);
    zookeeper = await realZooKeeper({ servers: 1, tickTimeMs: 1000 });
    zookeeperConnect = `${zookeeper.connectString}${CHROOT}`;
    cluster = await ClusterProcesses.start({
      zookeeperConnect,
      properties: { 'zookeeper.session.timeout.ms': '6000' },
    });
    witness = await Witness.open(zookeeperConnect);
  });
  afterAll(async () => {
    for (const kafka of kafkas) await kafka.kill();
    await cluster?.close();
    await witness?.close();
    await zookeeper?.stop();
    rmSync(dir, { recursive: true });
  });

  /** The first of them. */
  const kafkaAddress = (): string => {
    const [first] = kafkas;
    if (first === undefined) throw new Error('no broker of Kafka runs');
    return first.address;
  };
  const whenInSync = (topic: string): Promise<true> =>
    until(`${topic} is in sync`, SYNC_MAX_MS, async () => {
      const states = await witness.partitions(topic, PARTITIONS);
      return states.every(({ isr }) => isr.length === IDS.length) ? true : undefined;
    });
  const write = async (client: Client, from: number, to: number): Promise<void> => {
    const producer = client.producer();
    const sent = Array.from({ length: to - from }, async (_, index) => {
      const number = from + index;
      const key = number % 10 === 0 ? null : `key-${number % 100}`;
      const headers = number % 7 === 0 ? [{ key: 'number', value: `${number}` }] : [];
      const record = { topic: TOPIC, key, value: `value ${number}: ${'x'.repeat(number % 50)}`, headers };
      const { partition, offset, timestamp } = await producer.send(record);
      const asRead = {
        offset,
        timestamp,
        timestampType: 'CreateTime' as const,
        key: key === null ? null : Buffer.from(key),
        value: Buffer.from(record.value),
        headers: headers.map((header) => ({ key: header.key, value: Buffer.from(header.value) })),
      };
      (written[partition] ?? [])[offset] = { key, value: record.value, line: consumerLine(partition, asRead) };
    });
    await Promise.all(sent);
  };

  it('is a cluster of ours, with elections behind it', async () => {
    await cluster.createTopic('deleted', { partitions: 1, replicationFactor: 3 });
    await cluster.createTopic(TOPIC, { partitions: PARTITIONS, replicationFactor: 3, configs: CONFIGS });
    const client = createClient({ servers: cluster.restUrls });
    try {
      await write(client, 0, OURS / 2);
      const leader = await cluster.leaderOf(TOPIC, 0);
      await leader.kill();
      await write(client, OURS / 2, OURS);
      leader.start();
      await leader.whenReady();
      await client.topics.delete('deleted');
    } finally {
      await client.close();
    }
    await cluster.whenInSync(TOPIC);
    before = await cluster.describeTopic(TOPIC);
  });

  // Java runs the source, if it comes with a compiler.
  it.skipIf(hasNoCompiler)("is read by Kafka's own client of ZooKeeper while it runs", async () => {
    const lines = await linesOf({ classPath, mainClass: READ_CLUSTER, args: [zookeeperConnect] });
    const epochs = await Promise.all(IDS.map((id) => witness.brokerEpoch(id)));
    const controller = `${await witness.controllerId()} epoch ${await witness.controllerEpoch()}`;
    const { clusterId } = (await (await fetch(`${cluster.restUrls[0]}/v1/brokers`)).json()) as { clusterId: string };
    const addresses = cluster.brokers.map(({ kafkaAddress, restUrl, peersPort }) => {
      return `KAFKA://${kafkaAddress},REST://${new URL(restUrl).host},PEERS://127.0.0.1:${peersPort}`;
    });
    const configs = Object.entries(CONFIGS)
      .toSorted()
      .map(([name, value]) => `${name}=${value}`);
    const list = (ids: readonly number[]): string => `[${ids.join(', ')}]`;
    expect(lines).toEqual([
      `cluster ${clusterId}`,
      `controller ${controller}`,
      ...IDS.map((id, index) => `broker ${id} epoch ${epochs[index]} ${addresses[index]}`),
      `topic ${TOPIC} ${before.topicId} {${configs.join(', ')}}`,
      ...before.partitions.map(({ partition, replicas, leader, leaderEpoch, isr }) => {
        const state = `leader ${leader} epoch ${leaderEpoch} isr ${list(isr)}`;
        return `partition ${TOPIC}-${partition} replicas ${list(replicas)} ${state}`;
      }),
    ]);
  });

  it('is stopped in order', async () => {
    // In the order of their ids.
    for (const broker of cluster.brokers) expect(await broker.stop()).toBe(0);
    expect(await Promise.all(IDS.map((id) => witness.brokerEpoch(id)))).toEqual([undefined, undefined, undefined]);
  });

  it("is taken over by Kafka's brokers", async () => {
    const start = async (brokerId: number): Promise<void> => {
      const kafka = await KafkaBroker.start({
        classPath,
        zookeeper: zookeeperConnect,
        brokerId,
        logDir: cluster.broker(brokerId).dataDir,
        propertiesFile: join(dir, `server-${brokerId}.properties`),
        settings: { 'min.insync.replicas': 2, 'offsets.topic.replication.factor': 3 },
      });
      kafkas.push(kafka);
    };
    // The last one to stop is the only one that was in sync to the end. What Kafka says while others come is its own affair.
    await start(LAST);
    expect(kafkas.flatMap((kafka) => kafka.complaints)).toEqual([]);
    await Promise.all(IDS.filter((id) => id !== LAST).map(start));
    await whenInSync(TOPIC);
    const ofDamage = /no clean shutdown|[Cc]orrupt|Found invalid|Non-monotonic/;
    expect(kafkas.flatMap(({ logLines }) => logLines.filter((line) => ofDamage.test(line)))).toEqual([]);
  });

  it("has Kafka's tools see the topic as it was", async () => {
    const [topic, ...partitions] = await tools.describeTopic(kafkaAddress(), TOPIC);
    expect(topic).toMatchObject({ Topic: TOPIC, TopicId: before.topicId, PartitionCount: `${PARTITIONS}` });
    const configs = Object.fromEntries((topic?.Configs ?? '').split(',').map((config) => config.split('=')));
    expect(configs).toEqual(CONFIGS);
    expect(partitions.map(({ Replicas }) => Replicas)).toEqual(before.partitions.map(({ replicas }) => `${replicas}`));
    expect(partitions.map(({ Isr }) => Isr?.split(',').length)).toEqual(partitions.map(() => IDS.length));
    await expect(tools.describeTopic(kafkaAddress(), 'deleted')).rejects.toThrow('does not exist');
  });

  it("has Kafka's consumer read every record", async () => {
    const options = { topic: TOPIC, isolation: 'read_uncommitted', countMax: OURS } as const;
    expect(await tools.consume(kafkaAddress(), options)).toEqual(written.flat().map(({ line }) => line));
  });

  it('is written to by Kafka, and stopped', async () => {
    const producer = new KafkaProducer(classPath, kafkaAddress(), TOPIC, KAFKAS);
    await producer.ended();
    expect(producer.acknowledged).toHaveLength(KAFKAS);
    for (const { partition, offset, key, value } of producer.acknowledged) {
      (written[partition] ?? [])[offset] = { key, value, line: '' };
    }
    await whenInSync(TOPIC);
    for (const kafka of kafkas.splice(0)) await kafka.stop();
  });

  it('is ours again, with what both have written', async () => {
    for (const broker of cluster.brokers) broker.start();
    await cluster.whenReady();
    await cluster.whenInSync(TOPIC);
    expect(await cluster.describeTopic(TOPIC)).toMatchObject({ topicId: before.topicId, configs: CONFIGS });
    const client = createClient({ servers: cluster.restUrls });
    try {
      for (const [partition, records] of written.entries()) {
        const found: Omit<Written, 'line'>[] = [];
        for await (const record of client.reader({ topic: TOPIC, partition, from: 'earliest', waitMs: 0 })) {
          found.push({ key: record.key === null ? null : `${record.key}`, value: record.text() });
          if (found.length === records.length) break;
        }
        expect(found).toEqual(records.map(({ key, value }) => ({ key, value })));
      }
      await write(client, OURS, OURS + 100);
    } finally {
      await client.close();
    }
  });
});
