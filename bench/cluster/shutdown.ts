import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../support/statistics.ts';
import { number, printTable } from '../support/table.ts';
import type { BenchCluster } from './bench-cluster.ts';
import type { Scale } from './scale.ts';
import { SteadyWriter } from './steady-writer.ts';

const TOPIC = 'steady';
const PARTITIONS = 30;
/** Between two stops. */
const QUIET_MS = 500;

/** How long a write to a partition waits at most while its leader stops in order. */
export async function measureShutdown(cluster: BenchCluster, { shutdownRounds }: Scale): Promise<void> {
  const leaders = await cluster.createTopic(TOPIC, PARTITIONS);
  const writers = Array.from(leaders, ([partition, leader]) => new SteadyWriter(cluster, TOPIC, partition, leader));
  const gaps: number[] = [];
  const steady: number[] = [];
  try {
    await sleep(QUIET_MS);
    for (let round = 0; round < shutdownRounds; round++) {
      for (const broker of cluster.brokers) {
        const led = writers.filter(({ leader }) => leader === broker.id);
        steady.push(...led.map((writer) => writer.takeLongestMs()));
        for (const writer of writers) writer.avoid = broker.id;
        await broker.stop();
        await sleep(200);
        gaps.push(...led.map((writer) => writer.takeLongestMs()));
        broker.start();
        await broker.whenReady();
        await cluster.processes.whenInSync(TOPIC);
        for (const writer of writers) writer.takeLongestMs();
        await sleep(QUIET_MS);
      }
    }
  } finally {
    await Promise.all(writers.map((writer) => writer.stop()));
  }
  await cluster.deleteTopic(TOPIC);
  const row = (name: string, values: readonly number[]): string[] => [
    name,
    number(values.length),
    number(quantile(values, 0.5)),
    number(quantile(values, 0.99)),
    number(Math.max(...values)),
  ];
  printTable(
    'Controlled shutdown: the longest that a write to a partition waited, retries included',
    ['while', 'partitions', 'median ms', 'p99 ms', 'longest ms'],
    [row('its leader stopped', gaps), row('nothing happened, half a second', steady)],
  );
}
