import type { Random } from '@barnabas/model';

const SHORTEST_MS = 50;
const LONGEST_MS = 1000;
/** Chance is drawn in as many steps. */
const STEPS = 1000;

/**
 * How long to wait after a connection was lost, or could not be made, before the next attempt: half to all of a time that
 * doubles, so that brokers that lost the same peer do not come back at the same moment.
 */
export class BackOff {
  readonly #random: Random;
  #failures = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** After one more failure. */
  nextDelayMs(): number {
    const longestMs = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** this.#failures++);
    return longestMs * (0.5 + this.#random.below(STEPS) / (2 * STEPS));
  }

  /** The peer has answered a request. That a connection was made is not enough. */
  reset(): void {
    this.#failures = 0;
  }
}
