import type { Clock, Scheduler } from '@barnabas/model';

/** Sockets go by the machine's time, and so does what is tested over them. */
export const systemClock: Clock = { nowMs: () => Date.now(), steadyMs: () => performance.now() };

export const systemScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return { cancel: () => clearInterval(timer) };
  },
};
