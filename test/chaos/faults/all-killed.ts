import { statesOf, whenRegistered } from '../support/evidence.ts';
import type { Fault } from './fault.ts';

const READY_MAX_MS = 60_000;

export const allKilled: Fault = {
  name: 'all brokers SIGKILL',
  inflict: async (round) => {
    const { scene, topic, load } = round;
    const { brokers } = scene.cluster;
    const before = await statesOf(round);
    const epochs = await Promise.all(brokers.map((broker) => whenRegistered(round, broker)));
    await Promise.all(brokers.map((broker) => broker.kill()));
    for (const broker of brokers) broker.start();
    await Promise.all(brokers.map((broker) => broker.whenReady(READY_MAX_MS)));
    await Promise.all(brokers.map((broker, index) => whenRegistered(round, broker, epochs[index] ?? 0)));
    await scene.cluster.whenInSync(topic);
    const after = await statesOf(round);
    const hasKept = after.some(({ leaderEpoch }, partition) => leaderEpoch === before[partition]?.leaderEpoch);
    if (hasKept) throw new Error('a partition is still led in the epoch from before');
    await load.flows();
  },
};
