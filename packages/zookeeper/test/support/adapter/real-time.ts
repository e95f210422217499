import type { Clock, Scheduler, Timer } from '@barnabas/model';

/** The machine's own time, for tests over real sockets. */
export const realClock: Clock = { nowMs: () => Date.now(), steadyMs: () => performance.now() };

export const realScheduler: Scheduler = {
  after: (delayMs, task) => timerOf(setTimeout(task, delayMs)),
  every: (periodMs, task) => timerOf(setInterval(task, periodMs)),
};

function timerOf(timeout: NodeJS.Timeout): Timer {
  return { cancel: () => clearTimeout(timeout) };
}
