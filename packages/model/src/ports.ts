/**
 * What a program takes from its surroundings and a test replaces: time, timers and chance. They are passed in by the
 * composition root; nothing below it reads `Date`, sets a timer or draws a random number by itself.
 */

/** Wall time and a steady one. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. May jump. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start, with fractions. Never goes back; for measuring durations. */
  steadyMs(): number;
}

/** A timer that was set. */
export interface Timer {
  /** Calls it off; no effect once it ran. */
  cancel(): void;
}

/** Timers. */
export interface Scheduler {
  /** Runs `task` once, `delayMs` from now. */
  after(delayMs: number, task: () => void): Timer;
  /** Runs `task` every `periodMs`, first after one period, until cancelled. */
  every(periodMs: number, task: () => void): Timer;
}

/** Chance. */
export interface Random {
  /** An integer from 0 to `bound - 1`. */
  below(bound: number): number;
  /** `count` random bytes. */
  bytes(count: number): Uint8Array;
}
