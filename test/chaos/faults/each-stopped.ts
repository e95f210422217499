import { bringBack, statesOf, whenReplaced } from '../support/evidence.ts';
import type { Fault } from './fault.ts';

/** Each broker in turn: it hands over what it leads, is missed for a while, and comes back. */
export const eachStopped: Fault = {
  name: 'controlled shutdown of each',
  inflict: async (round) => {
    const { scene, load } = round;
    for (const broker of scene.cluster.brokers) {
      const before = await statesOf(round);
      const exitCode = await broker.stop();
      if (exitCode !== 0) throw new Error(`broker ${broker.id} ended with ${exitCode}`);
      const epoch = await scene.witness.brokerEpoch(broker.id);
      if (epoch !== undefined) throw new Error(`broker ${broker.id} has left its registration behind`);
      await whenReplaced(round, broker, before);
      await load.flows();
      await bringBack(round, broker);
    }
  },
};
