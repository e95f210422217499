import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DirtyEvent, isZooKeeperError, type ReadOptions, type ZooKeeperSession } from '@barnabas/zookeeper';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kafkaClassPath } from '../support/java/kafka-jars.ts';
import { openSession } from '../support/zookeeper/open-session.ts';
import { ZooKeeperProcess } from '../support/zookeeper/zookeeper-process.ts';
import { describeWithKafka } from './support/describe-with-kafka.ts';
import { KafkaBroker } from './support/kafka-broker.ts';
import { KafkaProducer } from './support/kafka-producer.ts';
import { KafkaTools } from './support/kafka-tools.ts';

const CHROOT = '/clusters/kafka';
const PARTITIONS = 3;
const SESSION_TIMEOUT_MS = 6000;

/** Steps of one story, each of which needs the one before. */
describeWithKafka('Apache Kafka on the embedded ZooKeeper', () => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-kafka-on-embedded-'));
  const brokers = new Map<number, KafkaBroker>();
  let classPath: string;
  let tools: KafkaTools;
  let zookeeper: ZooKeeperProcess;
  let session: ZooKeeperSession;

  beforeAll(async () => {
    classPath = await kafkaClassPath();
    tools = new KafkaTools(classPath);
    zookeeper = await ZooKeeperProcess.start(join(dir, 'zookeeper'));
    session = await openSession(`${zookeeper.address}${CHROOT}`);
    await Promise.all([startBroker(1), startBroker(2)]);
  });
  afterAll(async () => {
    for (const broker of brokers.values()) await broker.kill();
    await session?.close();
    await zookeeper?.stop();
    rmSync(dir, { recursive: true });
  });

  const startBroker = async (brokerId: number): Promise<void> => {
    const broker = await KafkaBroker.start({
      classPath,
      zookeeper: `${zookeeper.address}${CHROOT}`,
      brokerId,
      logDir: join(dir, `broker-${brokerId}`),
      propertiesFile: join(dir, `server-${brokerId}.properties`),
      settings: {
        'zookeeper.session.timeout.ms': SESSION_TIMEOUT_MS,
        'offsets.topic.replication.factor': 2,
        'min.insync.replicas': 1,
      },
    });
    brokers.set(brokerId, broker);
  };
  const broker = (id: number): KafkaBroker => {
    const found = brokers.get(id);
    if (found === undefined) throw new Error(`broker ${id} does not run`);
    return found;
  };
  const textOf = async (path: string, options: ReadOptions = {}): Promise<string> =>
    Buffer.from((await session.get(path, options)).data ?? []).toString();
  const czxids = async (): Promise<number[]> =>
    Promise.all([1, 2].map(async (id) => (await session.get(`/brokers/ids/${id}`)).stat.czxid));
  /** Reads again and again, each time that a watch of the last read fires, until `isThere` accepts what was read. */
  const until = async <T>(
    isThere: (value: T) => boolean,
    look: (watch: (event: DirtyEvent) => void) => Promise<T>,
  ): Promise<T> => {
    for (;;) {
      const dirty = Promise.withResolvers<DirtyEvent>();
      const value = await look(dirty.resolve);
      if (isThere(value)) return value;
      await dirty.promise;
    }
  };
  const controllerId = async (watch?: (event: DirtyEvent) => void): Promise<number | undefined> => {
    try {
      return JSON.parse(await textOf('/controller', watch === undefined ? {} : { watch })).brokerid;
    } catch (error) {
      if (!isZooKeeperError(error, 'NO_NODE')) throw error;
      if (watch !== undefined) await session.exists('/controller', { watch });
      return undefined;
    }
  };
  const isrSizes = (sizes: number, partition: number): Promise<number> =>
    until(
      (size) => size === sizes,
      async (watch) => {
        return JSON.parse(await textOf(`/brokers/topics/orders/partitions/${partition}/state`, { watch })).isr.length;
      },
    );

  it('starts, registers and elects a controller', async () => {
    expect((await session.children('/brokers/ids')).children.toSorted()).toEqual(['1', '2']);
    expect(JSON.parse(await textOf('/cluster/id'))).toMatchObject({ version: '1' });
    expect([1, 2]).toContain(await controllerId());
    expect([...broker(1).complaints, ...broker(2).complaints]).toEqual([]);
  });

  it('creates a topic, and serves records', async () => {
    await tools.createTopic(broker(1).address, 'orders', PARTITIONS, 2);
    const producer = new KafkaProducer(classPath, broker(1).address, 'orders', 2000);
    await producer.ended();
    const options = { topic: 'orders', isolation: 'read_uncommitted', countMax: 2000 } as const;
    expect(await tools.consume(broker(2).address, options)).toHaveLength(2000);
  });

  it('loses its controller and elects another one', async () => {
    const old = await controllerId();
    if (old === undefined) throw new Error('there is no controller');
    const other = 3 - old;
    const epoch = Number(await textOf('/controller_epoch'));
    await broker(old).kill();
    brokers.delete(old);
    expect(await until((id) => id === other, controllerId)).toBe(other);
    expect(await textOf('/controller_epoch')).toBe(String(epoch + 1));
    for (let partition = 0; partition < PARTITIONS; partition++) await isrSizes(1, partition);
    const options = { topic: 'orders', isolation: 'read_uncommitted', countMax: 2000 } as const;
    expect(await tools.consume(broker(other).address, options)).toHaveLength(2000);
    await startBroker(old);
    for (let partition = 0; partition < PARTITIONS; partition++) await isrSizes(2, partition);
  });

  it('goes on with the same sessions when ZooKeeper is killed and started again', async () => {
    const before = await czxids();
    const producer = new KafkaProducer(classPath, broker(1).address, 'orders', 6000);
    await producer.reached(1000);
    await zookeeper.killAndStartAgain();
    await session.whenConnected({ deadlineMs: 30_000 });
    await producer.ended();
    expect(await czxids()).toEqual(before);
    await tools.createTopic(broker(2).address, 'after', 1, 2);
    expect(JSON.parse(await textOf('/brokers/topics/after'))).toMatchObject({ version: 3 });
  });

  it('takes its leave', async () => {
    for (const [id, running] of brokers) {
      await running.stop();
      brokers.delete(id);
    }
    expect((await session.children('/brokers/ids')).children).toEqual([]);
    expect(await session.exists('/controller')).toBeUndefined();
  });
});
