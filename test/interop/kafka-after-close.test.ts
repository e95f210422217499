import { producerId } from '@barnabas/model';
import type { LogManager } from '@barnabas/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kafkaClassPath } from '../support/java/kafka-jars.ts';
import { COMMITTED_OFFSETS, GROUP } from './support/contents/consumer-offsets.ts';
import { describeWithKafka } from './support/describe-with-kafka.ts';
import type { KafkaBroker } from './support/kafka-broker.ts';
import { KafkaCluster } from './support/kafka-cluster.ts';
import { KafkaProducer } from './support/kafka-producer.ts';
import { consumerLine } from './support/kafka-text.ts';
import { KafkaTools } from './support/kafka-tools.ts';
import { LogDirectories, queriesAt, type Written } from './support/log-directories.ts';
import { logOf, openOurs, partitionAbout, TOPIC } from './support/ours.ts';
import { acknowledgedLine, placeAndContent, readBackAll } from './support/read-back.ts';
import { Scribe } from './support/scribe.ts';

const DIR = 'ours';
const SENT = 600;
/** Which record has to be acknowledged before Kafka is killed; there are more to come. */
const ACKNOWLEDGED = 400;
const ENDLESS = 1_000_000;

// Each test goes on where the one before it has ended.
describeWithKafka('A directory that we closed, then Kafka, then we again, then a Kafka that is killed', () => {
  let classPath: string;
  let tools: KafkaTools;
  let directories: LogDirectories;
  let cluster: KafkaCluster;
  let broker: KafkaBroker;
  let written: Written[];
  /** Our records that have to be in the topic, in the lines of the consumer. */
  let lines: string[];
  /** Those of Kafka's producer that were acknowledged, without their time. */
  const kafkas = new Set<string>();

  const openAgain = async (): Promise<LogManager> =>
    (await openOurs(directories.pathOf(DIR), directories.nowMs)).manager;

  /** All our records are there and all of Kafka's; answers what else there is. */
  const expectAll = async (manager: LogManager): Promise<string[]> => {
    const found = (await readBackAll(manager)).map((line) => ({ line, place: placeAndContent(line) }));
    const ours = new Set(lines);
    const others = found.filter(({ line }) => !ours.delete(line));
    expect(Array.from(ours), 'our records that are missing').toEqual([]);
    const theirs = new Set(kafkas);
    const unknown = others.filter(({ place }) => !theirs.delete(place));
    expect(Array.from(theirs), "Kafka's records that are missing").toEqual([]);
    return unknown.map(({ place }) => place);
  };

  beforeAll(async () => {
    directories = new LogDirectories();
    classPath = await kafkaClassPath();
    tools = new KafkaTools(classPath);
    written = (await directories.makeClean(DIR)).filter(({ topicPartition: { topic } }) => topic === TOPIC);
    lines = written.flatMap(({ topicPartition: { partition }, readable }) =>
      readable.map((record) => consumerLine(partition, record)),
    );
    cluster = await KafkaCluster.start(classPath, directories.pathOf('cluster'));
    broker = await cluster.startBroker(directories.pathOf(DIR));
  });
  afterAll(async () => {
    try {
      await cluster?.stop();
    } finally {
      directories?.remove();
    }
  });

  it('Kafka opens it without recovery and without complaint', () => {
    expect(broker.logLines.filter((line) => /Skipping recovery of \d+ logs/.test(line))).toHaveLength(1);
    expect(broker.logLines.filter((line) => /Recovering|recovering/.test(line))).toEqual([]);
    expect(broker.complaints).toEqual([]);
  });

  it("Kafka's consumer reads every record", async () => {
    const isolation = 'read_uncommitted';
    expect(await tools.consume(broker.address, { topic: TOPIC, isolation, countMax: lines.length })).toEqual(lines);
  });

  it.each([
    'transactions',
    'transactions that have all ended',
    'transactions, truncated',
  ])("Kafka's read-committed consumer reads what is committed of the %s, and no more", async (name) => {
    const partition = partitionAbout(name);
    const committed = written[partition]?.committed ?? [];
    const options = { topic: TOPIC, partition, isolation: 'read_committed', countMax: committed.length + 1 } as const;
    const expected = committed.map((record) => consumerLine(partition, record));
    expect(await tools.consume(broker.address, options)).toEqual(expected);
  });

  it('Kafka finds the same offsets, earliest, latest and by time', async () => {
    for (const [query, time] of Object.entries(queriesAt(directories.nowMs))) {
      const found = await tools.offsets(broker.address, TOPIC, time);
      const expected = written.map(({ topicPartition: { partition }, offsets }) => [partition, offsets[query]]);
      const known = expected.filter(([, offset]) => offset !== undefined);
      expect(Object.fromEntries(found), query).toEqual(Object.fromEntries(known));
    }
  });

  it('Kafka knows where the producers stand', async () => {
    const rows = await tools.producers(broker.address, TOPIC, partitionAbout('idempotent producers'));
    const standing = rows.map((row) => [row.ProducerId, row.ProducerEpoch, row.LastSequence]);
    expect(standing.sort()).toEqual([
      ['4001', '1', expect.any(String)],
      ['4002', '7', expect.any(String)],
      ['4003', '0', '27'],
    ]);
    const open = await tools.producers(broker.address, TOPIC, partitionAbout('transactions'));
    const starts = open.map((row) => [row.ProducerId, row.CurrentTransactionStartOffset !== 'None']);
    expect(starts.sort()).toEqual([
      ['5001', false],
      ['5002', false],
      ['5003', true],
    ]);
  });

  it('Kafka knows what the consumer group has committed', async () => {
    const rows = await tools.groupOffsets(broker.address, GROUP);
    const offsets = rows.map((row) => [Number(row.PARTITION), Number(row['CURRENT-OFFSET'])]);
    expect(offsets.sort()).toEqual(Array.from(COMMITTED_OFFSETS.entries()));
  });

  it('we read all of it, when Kafka has added to it and was shut down', async () => {
    const producer = new KafkaProducer(classPath, broker.address, TOPIC, SENT);
    await producer.ended();
    expect(producer.acknowledged).toHaveLength(SENT);
    for (const record of producer.acknowledged) kafkas.add(acknowledgedLine(record));
    await broker.stop();
    expect(broker.complaints).toEqual([]);
    const manager = await openAgain();
    expect(manager.dirs.map(({ wasClean, unusable }) => ({ wasClean, unusable: unusable.size }))).toEqual([
      { wasClean: true, unusable: 0 },
    ]);
    expect(await expectAll(manager)).toEqual([]);
    await manager.close();
  });

  it('Kafka opens it again without recovery, when we have added to it', async () => {
    const { manager, clock } = await openOurs(directories.pathOf(DIR), directories.nowMs);
    for (const { topicPartition } of written) {
      const scribe = new Scribe(logOf(manager, topicPartition), clock);
      const epoch = scribe.log.latestEpoch;
      if (epoch !== undefined) await scribe.lead(epoch);
      const record = { timestamp: clock.nowMs(), key: Buffer.from('again'), value: Buffer.from('ours') };
      await scribe.append({ records: [record], producerId: producerId(6001), producerEpoch: 0, baseSequence: 0 });
      lines.push(...scribe.records.map((added) => consumerLine(topicPartition.partition, added)));
    }
    await manager.close();
    broker = await cluster.startBroker(directories.pathOf(DIR));
    expect(broker.logLines.filter((line) => /Recovering|recovering/.test(line))).toEqual([]);
    expect(broker.complaints).toEqual([]);
  });

  it('we read all that was acknowledged, when Kafka was killed while it wrote', async () => {
    const producer = new KafkaProducer(classPath, broker.address, TOPIC, ENDLESS);
    try {
      await producer.reached(ACKNOWLEDGED);
      await broker.kill();
    } finally {
      await producer.kill();
    }
    for (const record of producer.acknowledged) kafkas.add(acknowledgedLine(record));
    const manager = await openAgain();
    expect(manager.dirs.map(({ wasClean, unusable }) => ({ wasClean, unusable: unusable.size }))).toEqual([
      { wasClean: false, unusable: 0 },
    ]);
    const unacknowledged = await expectAll(manager);
    expect(unacknowledged.filter((line) => !/\tNO_HEADERS\t\d+\t\d+$/.test(line))).toEqual([]);
    await manager.close();
  });
});
