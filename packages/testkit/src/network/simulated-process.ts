import type { Scheduler, Timer } from '@barnabas/model';

/**
 * The event loop of one process among several that share a simulated time: it can stall, as under SIGSTOP or a long garbage
 * collection. What falls due meanwhile, timers and what the network brings, runs when it goes on, in the order in which it
 * fell due.
 */
export class SimulatedProcess implements Scheduler {
  readonly #scheduler: Scheduler;
  #isPaused = false;
  #isDead = false;
  #backlog: (() => void)[] = [];
  #next: Timer | undefined;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Whether it stands still, or has not caught up yet with what fell due meanwhile. */
  get isStalled(): boolean {
    return this.#isPaused || this.#backlog.length > 0;
  }

  after(delayMs: number, task: () => void): Timer {
    let isCancelled = false;
    const runUnlessCancelled = () => {
      if (!isCancelled) task();
    };
    const timer = this.#scheduler.after(delayMs, () => this.run(runUnlessCancelled));
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
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

  /** Something has come in from outside. */
  run(task: () => void): void {
    if (this.#isDead) return;
    if (!this.#isPaused && this.#backlog.length === 0) task();
    else this.#backlog.push(task);
  }

  /** Nothing runs until `resume`; promises that are settled still go on. */
  pause(): void {
    this.#isPaused = true;
    this.#next?.cancel();
    this.#next = undefined;
  }

  /** As by SIGKILL: nothing runs any more, ever. Promises that are settled still go on, and reach nobody. */
  kill(): void {
    this.#isDead = true;
    this.pause();
    this.#backlog = [];
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  resume(): void {
    if (!this.#isPaused || this.#isDead) return;
    this.#isPaused = false;
    this.#runNext();
  }

  /** One for each turn, so that promises go on in between. */
  #runNext(): void {
    if (this.#isPaused || this.#backlog.length === 0) return;
    this.#next = this.#scheduler.after(0, () => {
      this.#next = undefined;
      const task = this.#backlog.shift();
      task?.();
      this.#runNext();
    });
  }
}
