import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random, Scheduler } from '@barnabas/model';

/** What a client takes from its surroundings. */
export type Ports = { readonly clock: Clock; readonly scheduler: Scheduler; readonly random: Random };

const systemClock: Clock = { nowMs: () => Date.now(), steadyMs: () => performance.now() };

const systemScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return { cancel: () => clearInterval(timer) };
  },
};

/** `below` goes up to 2^48, as Node's randomInt does. */
const systemRandom: Random = { below: (bound) => randomInt(bound), bytes: (count) => randomBytes(count) };

/** Those of the machine, for all that nobody handed in. */
export const SYSTEM_PORTS: Ports = { clock: systemClock, scheduler: systemScheduler, random: systemRandom };
