import { setTimeout as sleep } from 'node:timers/promises';
import type { ZooKeeperSession } from '@barnabas/zookeeper';
import { number, printTable } from '../support/table.ts';
import type { BenchCluster } from './bench-cluster.ts';
import { residentOf } from './idle.ts';
import type { Scale } from './scale.ts';
import { whenGone } from './when-gone.ts';

const TOPICS = 10;
const POLL_MS = 10;

const topicName = (at: number): string => `moved-${at}`;

/** From the end of the controller's session until another broker has brought the whole cluster up to date. The last of all: it is not started again. */
export async function measureControllerMove(
  cluster: BenchCluster,
  session: ZooKeeperSession,
  { movedPartitions }: Scale,
): Promise<void> {
  const startMs = performance.now();
  for (let at = 0; at < TOPICS; at++) await cluster.createTopic(topicName(at), Math.ceil(movedPartitions / TOPICS));
  const createdMs = performance.now() - startMs;
  const resident = residentOf(cluster);
  const controller = await cluster.processes.controller();
  const gone = whenGone(session, '/controller');
  await controller.kill();
  const goneMs = await gone;
  const survivors = cluster.brokers.map(({ id }) => id).filter((id) => id !== controller.id);
  await Promise.all(survivors.map((broker) => untilHeard(cluster, broker, controller.id)));
  const heardMs = performance.now() - goneMs;
  await Promise.all(survivors.map((broker) => untilLed(cluster, broker, controller.id)));
  const ledMs = performance.now() - goneMs;
  printTable(
    `Controller move: the controller is killed, a broker like the others, with ${number(movedPartitions)} partitions`,
    ['from the end of its session until', 'ms'],
    [
      ['both others know the new controller', number(heardMs)],
      ['both know a new leader for each partition it led', number(ledMs)],
    ],
  );
  console.log(`\nCreating them took ${number(createdMs / 1000)} s; each broker was resident with ${resident}.`);
}

async function untilHeard(cluster: BenchCluster, broker: number, dead: number): Promise<void> {
  for (;;) {
    const controller = await cluster.driver.controller(broker);
    if (controller >= 0 && controller !== dead) return;
    await sleep(POLL_MS);
  }
}

async function untilLed(cluster: BenchCluster, broker: number, dead: number): Promise<void> {
  for (let at = 0; at < TOPICS; ) {
    const leaders = await cluster.driver.leaders(topicName(at), broker);
    if ([...leaders.values()].every((leader) => leader >= 0 && leader !== dead)) at++;
    else await sleep(POLL_MS);
  }
}
