import type { Scheduler, Timer } from '@barnabas/model';

/** A scheduler of one owner, who can call off all that is still to run: nothing of it runs, or is waited for, afterwards. */
export class OwnedTimers implements Scheduler {
  readonly #scheduler: Scheduler;
  readonly #pending = new Set<Timer>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  after(delayMs: number, task: () => void): Timer {
    return this.#own((forget) =>
      this.#scheduler.after(delayMs, () => {
        forget();
        task();
      }),
    );
  }

  every(periodMs: number, task: () => void): Timer {
    return this.#own(() => this.#scheduler.every(periodMs, task));
  }

  cancelAll(): void {
    for (const timer of this.#pending) timer.cancel();
    this.#pending.clear();
  }

  #own(set: (forget: () => void) => Timer): Timer {
    const forget = (): void => void this.#pending.delete(owned);
    const timer = set(forget);
    const owned: Timer = {
      cancel: () => {
        forget();
        timer.cancel();
      },
    };
    this.#pending.add(owned);
    return owned;
  }
}
