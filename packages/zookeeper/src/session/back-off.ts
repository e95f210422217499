import type { Random } from '@barnabas/model';

const SHORTEST_MS = 100;
const LONGEST_MS = 1000;
/** Chance is drawn in as many steps. */
const STEPS = 1000;

/**
 * How long to wait before each attempt to connect. The very first is made at once; each later one waits for half of to
 * all of a time that doubles, so that clients that lost the same server do not come back at the same moment.
 */
export class BackOff {
  readonly #random: Random;
  #attempts = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** For the next attempt, which is taken to be made. */
  nextDelayMs(): number {
    const attempt = this.#attempts++;
    if (attempt === 0) return 0;
    const longestMs = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (attempt - 1));
    return longestMs * (0.5 + this.#random.below(STEPS) / (2 * STEPS));
  }

  /** A connection has lasted. That one was made is not enough: two holders of one session take it from each other. */
  reset(): void {
    this.#attempts = 1;
  }
}
