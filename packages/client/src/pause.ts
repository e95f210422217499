import type { Scheduler } from '@barnabas/model';

/** Resolves `delayMs` from now, or as soon as `signal` is aborted. */
export function pause(scheduler: Scheduler, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = scheduler.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}
