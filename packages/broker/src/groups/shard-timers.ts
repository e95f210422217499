import type { Clock, Scheduler, Timer } from '@barnabas/model';

export type ShardTimersOptions = {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly scheduler: Pick<Scheduler, 'after'>;
  /** `nowMs` is not before the time that was set, though the clock may have been set back. */
  readonly onDue: (key: string, nowMs: number) => void;
};

/** What a system's timer waits at most; longer waits take several. */
const LONGEST_MS = 0x7fff_ffff;

/** The timers of a shard, by the keys that it gives them. Ends with `cancelAll`. */
export class ShardTimers {
  readonly #options: ShardTimersOptions;
  readonly #timers = new Map<string, Timer>();

  constructor(options: ShardTimersOptions) {
    this.#options = options;
  }

  /** In place of what was set under that key before. */
  set(key: string, atMs: number): void {
    this.cancel(key);
    this.#wait(key, atMs - this.#options.clock.nowMs(), atMs);
  }

  cancel(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
  }

  cancelAll(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #wait(key: string, delayMs: number, atMs: number): void {
    const timer = this.#options.scheduler.after(Math.min(Math.max(0, delayMs), LONGEST_MS), () => {
      if (delayMs > LONGEST_MS) {
        this.#wait(key, delayMs - LONGEST_MS, atMs);
        return;
      }
      this.#timers.delete(key);
      this.#options.onDue(key, Math.max(atMs, this.#options.clock.nowMs()));
    });
    this.#timers.set(key, timer);
  }
}
