import { bringBack, whenRegistered } from '../support/evidence.ts';
import type { Fault } from './fault.ts';

/** One broker after the other, each as soon as the one before is in sync again. */
export const rollingRestart: Fault = {
  name: 'rolling restart',
  inflict: async (round) => {
    const { brokers } = round.scene.cluster;
    const epochs = await Promise.all(brokers.map((broker) => whenRegistered(round, broker)));
    for (const broker of brokers) {
      await broker.stop();
      await bringBack(round, broker);
    }
    await Promise.all(brokers.map((broker, index) => whenRegistered(round, broker, epochs[index] ?? 0)));
  },
};
