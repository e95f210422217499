import type { Clock, Scheduler, Timer } from '@barnabas/model';

/** Something that waits for no longer than a while. */
export interface Expiring {
  /** Its time is over. Called once, unless it was removed before. */
  expire(): void;
}

/** How much later than asked for a wait may end. */
const BUCKET_MS = 10;

/**
 * Ends waits whose time is over, with one timer for all of them: nearly every wait ends long before its deadline, so that
 * setting and calling off a timer for each would cost more than the wait itself. Deadlines are rounded up to buckets; the
 * timer is set for the first of them, and for none where nobody waits.
 */
export class Deadlines {
  readonly #clock: Pick<Clock, 'steadyMs'>;
  readonly #scheduler: Pick<Scheduler, 'after'>;
  readonly #buckets = new Map<number, Set<Expiring>>();
  #timer: { readonly timer: Timer; readonly bucket: number } | undefined;
  #isClosed = false;

  constructor(clock: Pick<Clock, 'steadyMs'>, scheduler: Pick<Scheduler, 'after'>) {
    this.#clock = clock;
    this.#scheduler = scheduler;
  }

  /** Answers the bucket that `remove` wants. Once closed, what is added expires at once. */
  add(wait: Expiring, delayMs: number): number {
    const bucket = Math.ceil((this.#clock.steadyMs() + Math.max(0, delayMs)) / BUCKET_MS);
    if (this.#isClosed) {
      wait.expire();
      return bucket;
    }
    const waits = this.#buckets.get(bucket);
    if (waits !== undefined) waits.add(wait);
    else {
      this.#buckets.set(bucket, new Set([wait]));
      if (this.#timer === undefined || bucket < this.#timer.bucket) this.#arm(bucket);
    }
    return bucket;
  }

  /** No effect for one that has expired. */
  remove(wait: Expiring, bucket: number): void {
    const waits = this.#buckets.get(bucket);
    if (waits?.delete(wait) && waits.size === 0) this.#buckets.delete(bucket);
  }

  /** Expires all that wait, and whoever comes later. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    this.#expireUpTo(Number.POSITIVE_INFINITY);
  }

  #arm(bucket: number): void {
    this.#timer?.timer.cancel();
    const delayMs = Math.max(0, bucket * BUCKET_MS - this.#clock.steadyMs());
    this.#timer = { bucket, timer: this.#scheduler.after(delayMs, () => this.#onTimer(bucket)) };
  }

  #onTimer(bucket: number): void {
    this.#timer = undefined;
    this.#expireUpTo(bucket);
    // Buckets are few: only those that somebody waits in are kept.
    const next = Math.min(...this.#buckets.keys());
    if (Number.isFinite(next) && this.#timer === undefined) this.#arm(next);
  }

  #expireUpTo(bucket: number): void {
    const due = [...this.#buckets.keys()].filter((key) => key <= bucket).sort((a, b) => a - b);
    for (const key of due) {
      const waits = this.#buckets.get(key);
      this.#buckets.delete(key);
      for (const wait of waits ?? []) wait.expire();
    }
  }
}
