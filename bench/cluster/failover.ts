import { setTimeout as sleep } from 'node:timers/promises';
import type { ZooKeeperSession } from '@barnabas/zookeeper';
import { number, printTable, spread } from '../support/table.ts';
import type { BenchCluster } from './bench-cluster.ts';
import { fullBatch } from './record-batch.ts';
import type { Scale } from './scale.ts';
import { whenGone } from './when-gone.ts';

export const LED_TOPIC = 'led';
/** Partitions in one request. */
const GROUP = 50;
const RETRY_MS = 10;

/** A topic all of whose partitions have one leader, which is not the controller; nor will be the one that is next in line. */
export async function createLedTopic(cluster: BenchCluster, { partitions }: Scale): Promise<void> {
  const controller = (await cluster.processes.controller()).id;
  const others = cluster.brokers.map(({ id }) => id).filter((id) => id !== controller);
  const replicas = Array.from({ length: partitions }, () => [...others, controller]);
  await cluster.driver.createTopic(controller, LED_TOPIC, replicas);
  await cluster.processes.whenInSync(LED_TOPIC);
}

/** From the death of the leader of all partitions to the first acknowledged write on the last of them. */
export async function measureFailover(
  cluster: BenchCluster,
  session: ZooKeeperSession,
  { failovers, partitions }: Scale,
  sessionTimeoutMs: number,
): Promise<void> {
  const rounds: { readonly fromKillMs: number; readonly fromExpiryMs: number }[] = [];
  for (let round = 0; round < failovers; round++) {
    const leader = await cluster.processes.leaderOf(LED_TOPIC, 0);
    const gone = whenGone(session, `/brokers/ids/${leader.id}`);
    const killedMs = performance.now();
    await leader.kill();
    const goneMs = await gone;
    await writeAll(cluster, partitions, leader.id);
    const writtenMs = performance.now();
    rounds.push({ fromKillMs: writtenMs - killedMs, fromExpiryMs: writtenMs - goneMs });
    leader.start();
    await leader.whenReady();
    await cluster.processes.whenInSync(LED_TOPIC);
  }
  const title = `Failover: the leader of ${number(partitions)} partitions is killed; until the last of them is written to`;
  printTable(
    title,
    ['counted from', 'ms'],
    [
      [`SIGKILL, session timeout ${number(sessionTimeoutMs)} ms`, spread(rounds.map(({ fromKillMs }) => fromKillMs))],
      ['the end of its session', spread(rounds.map(({ fromExpiryMs }) => fromExpiryMs))],
    ],
  );
}

/** Resolves when a write to each partition has been acknowledged, by whoever leads it but `dead`. */
export async function writeAll(cluster: BenchCluster, partitions: number, dead: number): Promise<void> {
  const { bytes } = fullBatch(100, 100);
  const survivors = cluster.brokers.map(({ id }) => id).filter((id) => id !== dead);
  const writeGroup = async (first: number): Promise<void> => {
    const last = Math.min(first + GROUP, partitions);
    const left = new Set(Array.from({ length: last - first }, (_, at) => first + at));
    for (let attempt = 0; left.size > 0; attempt++) {
      if (attempt > 0) await sleep(RETRY_MS);
      const broker = survivors[attempt % survivors.length] ?? -1;
      const writes = Array.from(left, (partition) => ({ partition, bytes }));
      for (const { partition, error } of await cluster.driver.write(broker, LED_TOPIC, writes)) {
        if (error === 'NONE') left.delete(partition);
      }
    }
  };
  const groups = Array.from({ length: Math.ceil(partitions / GROUP) }, (_, group) => writeGroup(group * GROUP));
  await Promise.all(groups);
}
