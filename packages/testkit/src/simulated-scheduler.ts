import type { Scheduler, Timer } from '@barnabas/model';
import type { SimulatedClock } from './simulated-clock.ts';
import { type DueTask, TimerHeap } from './timer-heap.ts';

/**
 * Timers that run when a test lets time pass, in the order of their due times and, at the same time, in the order in
 * which they were set. Each one finds the clock at the time it was due.
 */
export class SimulatedScheduler implements Scheduler {
  readonly #clock: SimulatedClock;
  readonly #settle: () => Promise<void>;
  readonly #timers = new TimerHeap();

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
    const due = this.#timers.add(this.#clock.steadyMs() + Math.max(0, delayMs), task);
    return { cancel: () => this.#timers.cancel(due) };
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
    for (let due = this.#takeUntil(endMs); due !== undefined; due = this.#takeUntil(endMs)) {
      this.#clock.advanceBy(Math.max(0, due.atMs - this.#clock.steadyMs()));
      due.task();
      await this.#settle();
    }
    this.#clock.advanceBy(Math.max(0, endMs - this.#clock.steadyMs()));
  }

  #takeUntil(endMs: number): DueTask | undefined {
    const first = this.#timers.first;
    return first !== undefined && first.atMs <= endMs ? this.#timers.takeFirst() : undefined;
  }
}

function promisesSettled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
