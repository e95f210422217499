import type { Clock, Scheduler, Timer } from '@barnabas/model';
import { boundedMs } from './deadline.ts';

/** One timer for all that a session waits for: it rings at the earliest moment that was asked for, and then has to be set anew. */
export class Alarm {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #dueMs = Number.POSITIVE_INFINITY;

  constructor({ clock, scheduler }: { readonly clock: Clock; readonly scheduler: Scheduler }, ring: () => void) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#ring = ring;
  }

  /** Rings then, by the steady clock, or before; at the least a millisecond from now, so that it never spins. */
  setFor(dueMs: number): void {
    if (dueMs >= this.#dueMs) return;
    this.#timer?.cancel();
    this.#dueMs = dueMs;
    this.#timer = this.#scheduler.after(boundedMs(Math.max(1, dueMs - this.#clock.steadyMs())), () => {
      this.#dueMs = Number.POSITIVE_INFINITY;
      this.#ring();
    });
  }

  /** It rings no more, whatever it is set for. */
  destroy(): void {
    this.#timer?.cancel();
    this.#dueMs = Number.NEGATIVE_INFINITY;
  }
}
