import type { Clock, Scheduler } from '@barnabas/model';

/** Real time, for tests with real sockets. */
export const systemClock: Clock = { nowMs: () => Date.now(), steadyMs: () => performance.now() };

export const systemScheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs).unref();
    return { cancel: () => clearInterval(timer) };
  },
};
