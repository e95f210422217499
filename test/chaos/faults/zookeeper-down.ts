import { until } from '../../support/until.ts';
import { whenRegistered } from '../support/evidence.ts';
import type { Fault } from './fault.ts';

const { CHAOS_OUTAGE_SECONDS = '10' } = process.env;
const OUTAGE_MS = Number(CHAOS_OUTAGE_SECONDS) * 1000;
/** Brokers that can do without ZooKeeper do not even hesitate. */
const FLOWS_MAX_MS = 5000;
const CREATE_MAX_MS = 30_000;

export const zooKeeperDown: Fault = {
  name: `ZooKeeper down for ${CHAOS_OUTAGE_SECONDS} s`,
  inflict: async (round) => {
    const { scene, topic, load } = round;
    const { zookeeper, cluster } = scene;
    const epochs = await Promise.all(cluster.brokers.map((broker) => whenRegistered(round, broker)));
    const downUntilMs = performance.now() + OUTAGE_MS;
    await Promise.all(zookeeper.members.map((member) => member.kill()));
    while (performance.now() < downUntilMs) await load.flows(FLOWS_MAX_MS);
    for (const member of zookeeper.members) {
      if ((await zookeeper.ask(member, 'ruok')) !== undefined) throw new Error('ZooKeeper was not down');
    }

    await Promise.all(zookeeper.members.map((member) => member.start()));
    await zookeeper.whenServing();
    // By their own clocks the sessions were lost long ago.
    await Promise.all(cluster.brokers.map((broker, index) => whenRegistered(round, broker, epochs[index])));
    await until('the controller creates a topic', CREATE_MAX_MS, async () => {
      await cluster.createTopic(`${topic}-after`, { partitions: 1, replicationFactor: 3 });
      return true;
    });
    await cluster.whenInSync(`${topic}-after`);
    await cluster.whenInSync(topic);
  },
};
