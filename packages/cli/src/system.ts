import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random, Scheduler, Timer } from '@barnabas/model';

/** Clock, timers and chance of the machine, for whoever composes a program. */

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
};

/**
 * What `after` runs keeps the process alive until then: somebody waits for it. What `every` runs does not: it is
 * housekeeping, and no reason to stay when all else has ended.
 */
export const systemScheduler: Scheduler = {
  after(delayMs, task) {
    return new LongTimer(delayMs, task, true);
  },
  every(periodMs, task) {
    let timer: Timer;
    const run = () => {
      timer = new LongTimer(periodMs, run, false);
      task();
    };
    timer = new LongTimer(periodMs, run, false);
    return { cancel: () => timer.cancel() };
  },
};

/** Node's randomInt goes up to 2^48. */
export const systemRandom: Random = {
  below: (bound) => randomInt(bound),
  bytes: (count) => randomBytes(count),
};

/** Node runs a timer of more than 2^31 - 1 ms, some 24.8 days, at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** A timer of any length, in laps that Node can count. */
class LongTimer implements Timer {
  #lap: NodeJS.Timeout;

  constructor(delayMs: number, task: () => void, keepsProcess: boolean) {
    let leftMs = delayMs;
    const startLap = (): NodeJS.Timeout => {
      const lapMs = Math.min(leftMs, LONGEST_MS);
      leftMs -= lapMs;
      const lap = setTimeout(() => {
        if (leftMs > 0) this.#lap = startLap();
        else task();
      }, lapMs);
      return keepsProcess ? lap : lap.unref();
    };
    this.#lap = startLap();
  }

  cancel(): void {
    clearTimeout(this.#lap);
  }
}
