import type { Clock } from '@barnabas/model';

/** Time that stands still until a test moves it. */
export class SimulatedClock implements Clock {
  #steadyMs = 0;
  #wallAtStartMs: number;

  /** @param nowMs the wall time to start from */
  constructor(nowMs = Date.UTC(2025, 0, 1)) {
    this.#wallAtStartMs = nowMs;
  }

  nowMs(): number {
    return this.#wallAtStartMs + Math.floor(this.#steadyMs);
  }

  steadyMs(): number {
    return this.#steadyMs;
  }

  /** Lets time pass: both clocks go on. */
  advanceBy(durationMs: number): void {
    if (durationMs < 0) throw new RangeError('time does not go back; jumpWallBy sets the wall clock back');
    this.#steadyMs += durationMs;
  }

  /** Sets the wall clock forward or back, as an operator or NTP does. The steady clock takes no notice. */
  jumpWallBy(offsetMs: number): void {
    this.#wallAtStartMs += offsetMs;
  }
}
