import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from '../../test/interop/support/java-tool.ts';
import { KafkaBroker } from '../../test/interop/support/kafka-broker.ts';
import { processUsage } from '../../test/support/cluster/process-usage.ts';
import { KAFKA_VERSION, kafkaClassPath } from '../../test/support/java/kafka-jars.ts';
import { realZooKeeper } from '../../test/support/zookeeper/real-zookeeper.ts';
import { number, printTable, size, spread } from '../support/table.ts';
import { megabytes } from './idle.ts';
import type { Scale } from './scale.ts';
import { PARTITIONS } from './written-topic.ts';

/** Those of Kafka's own start script; the tests' own, which start faster, are taken back. */
const JVM_OPTIONS = ['-Xmx1g', '-Xms1g', '-XX:-UseSerialGC', '-XX:+UseG1GC', '-XX:TieredStopAtLevel=4'];
/** As Kafka has them without any configuration, where the tests' own are less. */
const SETTINGS = {
  'num.network.threads': 3,
  'num.io.threads': 8,
  'background.threads': 10,
  'default.replication.factor': 3,
  'min.insync.replicas': 2,
};
const PRODUCER = ['acks=all', 'batch.size=65536', 'linger.ms=5'];
const RESULT =
  /^(\d+) records sent, ([\d.]+) records\/sec .* ([\d.]+) ms 50th, ([\d.]+) ms 95th, ([\d.]+) ms 99th, ([\d.]+) ms 99\.9th\.$/;

/** `os` is what Kafka does by itself; `each batch` flushes before it answers, with `flush.messages=1`. */
const FLUSHES = { os: [], 'each batch': ['--config', 'flush.messages=1'] } as const;
type Flush = keyof typeof FLUSHES;

type Run = {
  readonly recordsPerSecond: number;
  readonly cpuSecondsPerGigabyte: number;
  readonly latenciesMs: readonly number[];
};

/** Apache Kafka on the same machine, three brokers and a ZooKeeper, under its own producer. */
export async function measureKafka(dir: string, scale: Scale): Promise<void> {
  const classPath = await kafkaClassPath();
  const zookeeper = await realZooKeeper({ servers: 1, fsync: true, forMeasuring: true });
  const brokers: KafkaBroker[] = [];
  try {
    for (const brokerId of [1, 2, 3])
      brokers.push(await startBroker(classPath, zookeeper.connectString, dir, brokerId));
    const resident = (): string => brokers.map(({ pid }) => megabytes(processUsage(pid).residentBytes)).join(', ');
    const atStart = resident();
    const rows: string[][] = [];
    for (const recordBytes of [100, 1024]) {
      for (const flush of Object.keys(FLUSHES) as Flush[]) {
        const topic = `t-${recordBytes}-${flush.replace(' ', '-')}`;
        await createTopic(classPath, brokers, topic, flush);
        const produce = (recordsPerSecond: number, seconds: number): Promise<Run> =>
          producerPerformance(classPath, brokers, { topic, recordBytes, recordsPerSecond, seconds });
        rows.push(...(await measureTopic(produce, recordBytes, flush, scale)));
      }
    }
    const columns = ['record', 'flush', 'asked for', 'records/s', "brokers' CPU s/GB", 'p50 ms', 'p99 ms', 'p99.9 ms'];
    printTable(`Apache Kafka ${KAFKA_VERSION}: ProducerPerformance, ${PRODUCER.join(' ')}`, columns, rows);
    console.log(`\nResident of each of its brokers: ${atStart} at the start, ${resident()} after all this.`);
  } finally {
    for (const broker of brokers) await broker.kill();
    await zookeeper.stop();
  }
}

async function measureTopic(
  produce: (recordsPerSecond: number, seconds: number) => Promise<Run>,
  recordBytes: number,
  flush: Flush,
  scale: Scale,
): Promise<string[][]> {
  const expected = scale.kafkaRecordsPerSecond * (recordBytes === 100 ? 1 : 0.1);
  const seconds = scale.throughputMs / 1000;
  const roundsOf = async (asked: number): Promise<Run[]> => {
    const runs: Run[] = [];
    for (let round = 0; round < scale.rounds; round++) runs.push(await produce(asked, seconds));
    return runs;
  };
  const row = (asked: string, runs: readonly Run[]): string[] => [
    size(recordBytes),
    flush,
    asked,
    spread(runs.map(({ recordsPerSecond }) => recordsPerSecond)),
    spread(runs.map(({ cpuSecondsPerGigabyte }) => cpuSecondsPerGigabyte)),
    ...[0, 1, 2].map((column) => spread(runs.map(({ latenciesMs }) => latenciesMs[column] ?? Number.NaN))),
  ];
  // The JVMs warm up.
  for (let round = 0; round < 2; round++) await produce(-expected, seconds);
  const rows = [row('all it can', await roundsOf(-expected))];
  if (recordBytes === 100) rows.push(row(number(scale.recordsPerSecond), await roundsOf(scale.recordsPerSecond)));
  return rows;
}

async function startBroker(classPath: string, zookeeper: string, dir: string, brokerId: number): Promise<KafkaBroker> {
  const logDir = join(dir, `kafka-${brokerId}`);
  mkdirSync(logDir, { recursive: true });
  const propertiesFile = `${logDir}.properties`;
  const settings = SETTINGS;
  const jvmOptions = JVM_OPTIONS;
  return KafkaBroker.start({
    classPath,
    zookeeper: `${zookeeper}/kafka`,
    brokerId,
    logDir,
    propertiesFile,
    settings,
    jvmOptions,
  });
}

async function createTopic(
  classPath: string,
  brokers: readonly KafkaBroker[],
  topic: string,
  flush: Flush,
): Promise<void> {
  const what = ['--create', '--topic', topic, '--partitions', `${PARTITIONS}`, '--replication-factor', '3'];
  const args = ['--bootstrap-server', addressesOf(brokers), ...what, ...FLUSHES[flush]];
  await linesOf({ classPath, mainClass: 'org.apache.kafka.tools.TopicCommand', args });
}

/** @param recordsPerSecond below 0: as many as it can, and about how many that is, for the duration */
async function producerPerformance(
  classPath: string,
  brokers: readonly KafkaBroker[],
  {
    topic,
    recordBytes,
    recordsPerSecond,
    seconds,
  }: Record<'recordBytes' | 'recordsPerSecond' | 'seconds', number> & {
    readonly topic: string;
  },
): Promise<Run> {
  const records = Math.ceil(Math.abs(recordsPerSecond) * seconds);
  const load = ['--num-records', `${records}`, '--throughput', `${Math.max(-1, recordsPerSecond)}`];
  const producer = ['--producer-props', `bootstrap.servers=${addressesOf(brokers)}`, ...PRODUCER];
  const args = ['--topic', topic, '--record-size', `${recordBytes}`, ...load, ...producer];
  const usedBefore = cpuSecondsOf(brokers);
  const mainClass = 'org.apache.kafka.tools.ProducerPerformance';
  const lines = await linesOf({ classPath, mainClass, args, jvmOptions: JVM_OPTIONS });
  const cpuSeconds = cpuSecondsOf(brokers) - usedBefore;
  const [, , perSecond, p50, , p99, p999] =
    lines.map((line) => RESULT.exec(line)).find((match) => match !== null) ?? [];
  if (perSecond === undefined) throw new Error(`ProducerPerformance said:\n${lines.join('\n')}`);
  return {
    recordsPerSecond: Number(perSecond),
    cpuSecondsPerGigabyte: cpuSeconds / ((records * recordBytes) / 1e9),
    latenciesMs: [Number(p50), Number(p99), Number(p999)],
  };
}

const addressesOf = (brokers: readonly KafkaBroker[]): string => brokers.map(({ address }) => address).join(',');

const cpuSecondsOf = (brokers: readonly KafkaBroker[]): number =>
  brokers.reduce((sum, { pid }) => sum + processUsage(pid).cpuSeconds, 0);
