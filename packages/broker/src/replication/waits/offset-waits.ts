import type { ErrorName, Offset } from '@barnabas/model';
import type { AppendWait } from './append-wait.ts';

/** Settled waits at the front are thrown away once there are so many, and as many as others. */
const COMPACT_AT = 1024;

/**
 * Appends that wait for an end to be reached, in the order of what they wait for: each step of the end looks at those only
 * that it settles. New ones mostly come last; a batch that was sent twice waits for where it was first.
 *
 * Invariant: `requiredOffset` never falls from one to the next.
 */
export class OffsetWaits {
  #waits: AppendWait[] = [];
  /** Those before it are settled. */
  #head = 0;

  get size(): number {
    return this.#waits.length - this.#head;
  }

  add(wait: AppendWait): void {
    const last = this.#waits.at(-1);
    if (last === undefined || last.requiredOffset <= wait.requiredOffset) this.#waits.push(wait);
    else this.#waits.splice(this.#placeAfter(wait.requiredOffset), 0, wait);
  }

  /** Not one that is settled. */
  remove(wait: AppendWait): void {
    const at = this.#waits.indexOf(wait, this.#head);
    if (at >= 0) this.#waits.splice(at, 1);
  }

  reached(end: Offset): void {
    let next = this.#waits[this.#head];
    while (next !== undefined && next.requiredOffset <= end) {
      this.#head++;
      next.succeed();
      next = this.#waits[this.#head];
    }
    if (this.#head === this.#waits.length || (this.#head >= COMPACT_AT && this.#head * 2 >= this.#waits.length)) {
      this.#waits = this.#waits.slice(this.#head);
      this.#head = 0;
    }
  }

  failAll(error: ErrorName, message: string): void {
    const failed = this.#waits.slice(this.#head);
    this.#waits = [];
    this.#head = 0;
    for (const wait of failed) wait.fail(error, message);
  }

  #placeAfter(required: Offset): number {
    let low = this.#head;
    let high = this.#waits.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#waits[middle]?.requiredOffset ?? 0) <= required) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
