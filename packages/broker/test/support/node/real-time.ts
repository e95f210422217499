import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random, Scheduler, Timer } from '@barnabas/model';

/** The machine's own time and chance, for tests over real sockets and disks. */
export const REAL: { readonly clock: Clock; readonly scheduler: Scheduler; readonly random: Random } = {
  clock: { nowMs: () => Date.now(), steadyMs: () => performance.now() },
  scheduler: {
    after: (delayMs, task) => timerOf(setTimeout(task, delayMs)),
    every: (periodMs, task) => timerOf(setInterval(task, periodMs)),
  },
  random: { below: (bound) => randomInt(bound), bytes: (count) => randomBytes(count) },
};

function timerOf(timeout: NodeJS.Timeout): Timer {
  return { cancel: () => clearTimeout(timeout) };
}
