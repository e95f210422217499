import { ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { Broker } from '../../src/index.ts';
import { batchOf } from '../support/batches.ts';
import { type Life, type Machine, SimulatedCluster } from '../support/node/simulated-cluster.ts';

const LOG_FILE = '/data/logs/orders-0/00000000000000000000.log';

const orders = ({ parts }: Broker) => parts.cache.image.topics.get('orders')?.partitions.get(0);

async function produce(cluster: SimulatedCluster, { parts }: Broker): Promise<number | undefined> {
  const leader = parts.cache.image.topics.get('orders')?.partitions.get(0)?.leader;
  if (leader === undefined) return undefined;
  const partitionData = [{ index: 0, records: batchOf(3) }];
  const request = { acks: -1, timeoutMs: 10_000, topicData: [{ name: 'orders', partitionData }] };
  const response = await cluster.run(parts.requests.ask(leader, 'Produce', 11, request, { deadlineMs: 20_000 }));
  return response.responses[0]?.partitionResponses[0]?.errorCode;
}

async function until(cluster: SimulatedCluster, holds: () => boolean, withinMs = 60_000): Promise<void> {
  const endMs = cluster.clock.steadyMs() + withinMs;
  while (!holds() && cluster.clock.steadyMs() < endMs) await cluster.scheduler.advanceBy(20);
  expect(holds()).toBe(true);
}

const HARM: readonly [string, (disk: Machine['disk']) => Promise<void>][] = [
  ['with a damaged log', async (disk) => disk.corrupt(LOG_FILE, 65, 3)],
  ['without one of its logs', (disk) => disk.newProcess().removeDirectory('/data/logs/orders-0')],
];

describe.each(HARM)('a broker that comes back first, %s', (_, harm) => {
  it('is not elected in the place of one that is sound, and gets its log from that one', async () => {
    const cluster = new SimulatedCluster();
    const [sound, damaged] = [cluster.machine(1), cluster.machine(2)];
    const [first, second]: [Life, Life] = [await cluster.start(sound), await cluster.start(damaged)];
    await cluster.createTopic(first.broker, 'orders', 2);
    await until(cluster, () => orders(first.broker)?.isr.length === 2);
    expect(await produce(cluster, first.broker)).toBe(ERRORS.NONE.code);
    // What is flushed is noted as such.
    await cluster.scheduler.advanceBy(3000);
    cluster.crash(sound, first);
    cluster.crash(damaged, second);
    await harm(damaged.disk);
    await cluster.scheduler.advanceBy(20_000);

    const { broker: back } = await cluster.start(damaged);
    await cluster.scheduler.advanceBy(5000);
    expect(orders(back)?.leader).toBeUndefined();
    const { broker } = await cluster.start(sound);
    await until(cluster, () => orders(broker)?.leader === 1);
    await until(cluster, () => orders(broker)?.isr.length === 2);
    expect(back.parts.replicas.statusOf({ topic: 'orders', partition: 0 })?.logEndOffset).toBe(3);
    expect(cluster.registration(2)?.unclean).toBe(false);
  });
});
