import type { Scheduler, Timer } from '@barnabas/model';
import type { SimulatedClock } from './simulated-clock.ts';

type Due = { readonly atMs: number; readonly task: () => void };

/**
 * Timers that run when a test lets time pass, in the order of their due times and, at the same time, in the order in
 * which they were set. Each one finds the clock at the time it was due.
 */
export class SimulatedScheduler implements Scheduler {
  readonly #clock: SimulatedClock;
  readonly #settle: () => Promise<void>;
  readonly #timers = new Set<Due>();

  /**
   * @param settle waits until what a task set off has come to rest; by default until no promise is left to continue.
   *   With a simulated disk: `() => disk.settled()`.
   */
  constructor(clock: SimulatedClock, settle: () => Promise<void> = promisesSettled) {
    this.#clock = clock;
    this.#settle = settle;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  after(delayMs: number, task: () => void): Timer {
    const due: Due = { atMs: this.#clock.steadyMs() + Math.max(0, delayMs), task };
    this.#timers.add(due);
    return { cancel: () => this.#timers.delete(due) };
  }

  every(periodMs: number, task: () => void): Timer {
    let timer: Timer;
    const run = () => {
      timer = this.after(periodMs, run);
      task();
    };
    timer = this.after(periodMs, run);
    return { cancel: () => timer.cancel() };
  }

  /** Lets time pass and runs what falls due, also what is set meanwhile; after each task it waits for `settle`. */
  async advanceBy(durationMs: number): Promise<void> {
    const endMs = this.#clock.steadyMs() + durationMs;
    await this.#settle();
    for (let due = this.#nextUntil(endMs); due !== undefined; due = this.#nextUntil(endMs)) {
      this.#timers.delete(due);
      this.#clock.advanceBy(Math.max(0, due.atMs - this.#clock.steadyMs()));
      due.task();
      await this.#settle();
    }
    this.#clock.advanceBy(Math.max(0, endMs - this.#clock.steadyMs()));
  }

  /** The earliest timer; the set keeps the order of setting, so the first of several wins. */
  #nextUntil(endMs: number): Due | undefined {
    let next: Due | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (next === undefined || timer.atMs < next.atMs)) next = timer;
    }
    return next;
  }
}

function promisesSettled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
