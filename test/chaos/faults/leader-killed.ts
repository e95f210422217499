import { setTimeout as sleep } from 'node:timers/promises';
import { bringBack, statesOf, whenRegistered, whenReplaced } from '../support/evidence.ts';
import type { Fault } from './fault.ts';

/** Long enough for a leader that does not wait for its followers to acknowledge much; nobody's session minds. */
const STANDSTILL_MS = 500;

/**
 * A leader that is not the controller, too, where there is one. In turn it dies while the others stand still, when they lack
 * whatever it has not waited for, and while they follow.
 */
export const leaderKilled: Fault = {
  name: 'leader SIGKILL',
  inflict: async (round) => {
    const { scene, load } = round;
    const { cluster, witness } = scene;
    const before = await statesOf(round);
    const controllerId = await witness.controllerId();
    const leaders = before.flatMap(({ leader }) => leader ?? []);
    const leader = cluster.broker(leaders.find((id) => id !== controllerId) ?? leaders[0] ?? 0);
    const epoch = await whenRegistered(round, leader);
    const others = cluster.brokers.filter((other) => other !== leader && round.number % 2 === 1);
    // Clients that ask nobody who stands still.
    const direct = round.loadOn(leader);
    await direct.flows();
    for (const other of others) other.halt();
    await sleep(STANDSTILL_MS);
    await leader.kill();
    for (const other of others) other.goOn();
    await whenReplaced(round, leader, before);
    await load.flows();
    await bringBack(round, leader);
    await whenRegistered(round, leader, epoch);
    await direct.flows();
  },
};
