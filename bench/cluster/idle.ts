import { setTimeout as sleep } from 'node:timers/promises';
import { number, printTable } from '../support/table.ts';
import type { BenchCluster } from './bench-cluster.ts';
import type { Scale } from './scale.ts';

export const megabytes = (bytes: number): string => `${number(bytes / 1e6)} MB`;

/** Resident memory of each broker, one after the other. */
export const residentOf = ({ brokers }: BenchCluster): string =>
  brokers.map((broker) => megabytes(broker.usage().residentBytes)).join(', ');

/** Brokers that nobody asks anything, with the partitions that are there. */
export async function measureIdle(cluster: BenchCluster, { idleMs, partitions }: Scale): Promise<void> {
  // What creating them left to do is no part of it.
  await sleep(idleMs / 4);
  const before = cluster.brokers.map((broker) => broker.usage().cpuSeconds);
  const startMs = performance.now();
  await sleep(idleMs);
  const seconds = (performance.now() - startMs) / 1000;
  const rows = cluster.brokers.map((broker, at) => {
    const { cpuSeconds, residentBytes } = broker.usage();
    return [
      `${broker.id}`,
      `${number((100 * (cpuSeconds - (before[at] ?? 0))) / seconds)} %`,
      megabytes(residentBytes),
    ];
  });
  const title = `Idle: ${number(partitions)} partitions, replication factor 3, one leader for all of them`;
  printTable(title, ['broker', 'of a core', 'resident'], rows);
}
