import { partitionFor } from '@barnabas/coordinator';
import type { BrokerProcess } from '../../cluster/broker-process.ts';
import { until } from '../../until.ts';
import type { ClientScene } from '../client-scene.ts';
import type { SteadyClient, SteadyLoad, SteadyMember } from './steady-client.ts';

export const TOPIC = 'steady';
const GROUP = 'steady-readers';
const PARTITIONS = 3;
const MEMBERS = 2;
const OFFSETS_TOPIC = '__consumer_offsets';
const PROGRESS_MAX_MS = 60_000;
/** So many records of each partition that were sent after something happened have to be read. */
const PROGRESS = 20;

/** How many records of each partition are acknowledged, and who read them. */
export type Survived = { readonly acknowledged: readonly number[]; readonly members: readonly SteadyMember[] };

/** A group reads a steady load while a leader is killed, and then the group's coordinator, each of which starts again. */
export async function surviveKills(scene: ClientScene, client: SteadyClient): Promise<Survived> {
  const { cluster } = scene;
  await scene.createTopic(TOPIC, PARTITIONS);
  const load = await client.load(cluster.bootstrapServers, TOPIC, PARTITIONS);
  const members: SteadyMember[] = [];
  try {
    while (members.length < MEMBERS) members.push(await client.join(cluster.bootstrapServers, GROUP, TOPIC));
    await whenBothRead(members);
    await kill(scene, await cluster.leaderOf(TOPIC, 0), () => whenGoesOn('its leader is killed', load, members));
    await kill(scene, await coordinator(scene), () => whenGoesOn('the coordinator is killed', load, members));
    await whenGoesOn('all are back', load, members);
    const acknowledged = await load.stop();
    await whenAllRead(acknowledged, members);
    return { acknowledged, members };
  } catch (error) {
    // A group that no longer reads may be one that nothing is written for.
    await load.stop().catch((problem: unknown) => {
      throw new AggregateError([error, problem], 'the load has failed');
    });
    throw error;
  } finally {
    for (const member of members) await member.leave();
  }
}

const coordinator = async ({ cluster }: ClientScene): Promise<BrokerProcess> => {
  const { partitions } = await cluster.describeTopic(OFFSETS_TOPIC);
  return cluster.leaderOf(OFFSETS_TOPIC, partitionFor(GROUP, partitions.length));
};

/** Kills the broker, and starts it again after that; resolves when all replicas are in sync again. */
const kill = async ({ cluster }: ClientScene, broker: BrokerProcess, whileGone: () => Promise<void>): Promise<void> => {
  await broker.kill();
  await whileGone();
  broker.start();
  await cluster.whenReady();
  await cluster.whenInSync(TOPIC);
  await cluster.whenInSync(OFFSETS_TOPIC);
};

const whenBothRead = async (members: readonly SteadyMember[]): Promise<void> => {
  await until('every member reads', PROGRESS_MAX_MS, async () => {
    return members.every(({ read }) => read.length > PROGRESS) || undefined;
  });
};

/** Resolves when records of every partition are read that were sent after now. */
const whenGoesOn = async (since: string, load: SteadyLoad, members: readonly SteadyMember[]): Promise<void> => {
  const wanted = load.sent.map((count) => count + PROGRESS);
  await whenAllRead(wanted, members, since);
};

const whenAllRead = async (
  counts: readonly number[],
  members: readonly SteadyMember[],
  since = 'the load has ended',
): Promise<void> => {
  const lastOf = (partition: number): number =>
    Math.max(...members.map(({ read }) => read.findLast((one) => one.partition === partition)?.offset ?? -1));
  let last: number[] = [];
  const look = async (): Promise<true | undefined> => {
    last = counts.map((_, partition) => lastOf(partition));
    return counts.every((count, partition) => (last[partition] ?? -1) >= count - 1) || undefined;
  };
  await until(`the group reads on after ${since}`, PROGRESS_MAX_MS, look).catch((error: unknown) => {
    throw new Error(`records up to ${last} are read, of ${counts}`, { cause: error });
  });
};
