import { alternate } from '../support/rounds.ts';
import { number, printTable, size, spread } from '../support/table.ts';
import { type BenchCluster, FLUSH_MODES, type FlushMode } from './bench-cluster.ts';
import { closedLoop, latencyMs } from './load.ts';
import { fullBatch, type RecordBatch } from './record-batch.ts';
import type { Scale } from './scale.ts';
import { WrittenTopic } from './written-topic.ts';

export const BATCH_BYTES = 64 * 1024;
const IN_FLIGHT = 24;

export type Clusters = Readonly<Record<FlushMode, BenchCluster>>;

type Round = {
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly cpuSecondsPerGigabyte: number;
  readonly driverCpuSecondsPerGigabyte: number;
  readonly p99Ms: number;
};

/** The most that a cluster takes, in records per second of each round, by flush mode and size of the record. */
export type Throughputs = ReadonlyMap<string, readonly number[]>;
export const throughputKey = (flush: FlushMode, recordBytes: number): string => `${flush} ${recordBytes}`;

/** As many batches as three brokers take. */
export async function measureThroughput(clusters: Clusters, scale: Scale): Promise<Throughputs> {
  const found = new Map<string, readonly number[]>();
  const rows: string[][] = [];
  for (const recordBytes of [100, 1024]) {
    const batch = fullBatch(recordBytes, BATCH_BYTES);
    const topics = {
      group: await WrittenTopic.create(clusters.group, `throughput-${recordBytes}`),
      os: await WrittenTopic.create(clusters.os, `throughput-${recordBytes}`),
    };
    for (const flush of FLUSH_MODES) await closedLoop(topics[flush].writing(batch), IN_FLIGHT, scale.warmUpMs);
    const rounds = await alternate(
      {
        group: () => measure(clusters.group, topics.group, batch, scale.throughputMs),
        os: () => measure(clusters.os, topics.os, batch, scale.throughputMs),
      },
      scale.rounds,
      scale.rounds,
    );
    for (const flush of FLUSH_MODES) {
      const perSecond = rounds[flush].map((round) => round.recordsPerSecond);
      found.set(throughputKey(flush, recordBytes), perSecond);
      rows.push([
        size(recordBytes),
        flush,
        spread(perSecond),
        spread(rounds[flush].map((round) => round.megabytesPerSecond)),
        spread(rounds[flush].map((round) => round.cpuSecondsPerGigabyte)),
        spread(rounds[flush].map((round) => round.driverCpuSecondsPerGigabyte)),
        spread(rounds[flush].map((round) => round.p99Ms)),
      ]);
      await topics[flush].delete();
    }
  }
  const columns = ['record', 'log.flush', 'records/s', 'MB/s', "brokers' CPU s/GB", "driver's CPU s/GB", 'p99 ms'];
  const title = `Throughput: replication factor 3, acks=all, batches of 64 KiB, ${number(IN_FLIGHT)} in flight`;
  printTable(title, columns, rows);
  return found;
}

async function measure(
  cluster: BenchCluster,
  topic: WrittenTopic,
  batch: RecordBatch,
  durationMs: number,
): Promise<Round> {
  const before = cluster.used();
  const ownBefore = process.cpuUsage();
  const { count, seconds, latencies } = await closedLoop(topic.writing(batch), IN_FLIGHT, durationMs);
  const own = process.cpuUsage(ownBefore);
  const megabytes = (count * batch.bytes.length) / 1e6;
  return {
    recordsPerSecond: (count * batch.records) / seconds,
    megabytesPerSecond: megabytes / seconds,
    cpuSecondsPerGigabyte: (cluster.used().cpuSeconds - before.cpuSeconds) / (megabytes / 1000),
    driverCpuSecondsPerGigabyte: (own.user + own.system) / 1e6 / (megabytes / 1000),
    p99Ms: latencyMs(latencies, 99),
  };
}
