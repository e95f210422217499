import type { Random } from '@barnabas/model';

export type BackOffLimits = { readonly shortestMs: number; readonly longestMs: number };

/** Chance is drawn in as many steps. */
const STEPS = 1000;

/** Half to all of a time that doubles with each failure, so that clients that failed together do not come back together. */
export class BackOff {
  readonly #limits: BackOffLimits;
  readonly #random: Random;
  #failures = 0;

  constructor(limits: BackOffLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** After one more failure. */
  nextDelayMs(): number {
    const { shortestMs, longestMs } = this.#limits;
    const delayMs = Math.min(longestMs, shortestMs * 2 ** this.#failures);
    if (delayMs < longestMs) this.#failures += 1;
    return delayMs * (0.5 + this.#random.below(STEPS) / (2 * STEPS));
  }

  reset(): void {
    this.#failures = 0;
  }
}
