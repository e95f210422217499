import { setTimeout as sleep } from 'node:timers/promises';
import { statesOf, whenRegistered, whenReplaced, whenUnregistered } from '../support/evidence.ts';
import { SESSION_TIMEOUT_MS } from '../support/scene.ts';
import type { Fault } from './fault.ts';

/** A zombie: when it goes on it takes itself for the leader, and finds requests from before and from meanwhile. */
export const leaderHalted: Fault = {
  name: 'leader SIGSTOP',
  inflict: async (round) => {
    const { scene, topic, load } = round;
    const leader = await scene.cluster.leaderOf(topic, round.number % 2);
    const before = await statesOf(round);
    const epoch = await whenRegistered(round, leader);
    const { pid } = leader;
    const stubborn = round.loadOn(leader);
    await stubborn.flows();

    const over = sleep(2 * SESSION_TIMEOUT_MS);
    leader.halt();
    await whenUnregistered(round, leader);
    await whenReplaced(round, leader, before);
    await load.flows();
    await over;
    leader.goOn();

    await whenRegistered(round, leader, epoch);
    await stubborn.flows();
    await scene.cluster.whenInSync(topic);
    if (leader.pid !== pid || !leader.isRunning) throw new Error(`broker ${leader.id} has ended`);
  },
};
