import { existsSync } from 'node:fs';
import { bringBack, statesOf, whenReplaced } from '../support/evidence.ts';
import type { Fault } from './fault.ts';

/**
 * A broker that follows, and leads others: it comes back without its files. In turn it is killed and comes back at once, as
 * long as ZooKeeper and the ISRs still have it; or it is stopped in order, and missed.
 */
export const followerWiped: Fault = {
  name: 'follower wiped',
  inflict: async (round) => {
    const { scene, topic, load, number } = round;
    const { leader, isr } = await scene.witness.partition(topic, 0);
    const follower = scene.cluster.broker(isr.find((id) => id !== leader) ?? 0);
    const before = await statesOf(round);
    if (number % 2 === 1) await follower.kill();
    else {
      await follower.stop();
      await whenReplaced(round, follower, before);
      await load.flows();
    }
    follower.wipe();
    if (existsSync(follower.dataDir)) throw new Error(`broker ${follower.id} still has its files`);
    await bringBack(round, follower);
    await load.flows();
  },
};
