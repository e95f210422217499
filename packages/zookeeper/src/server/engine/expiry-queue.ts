/**
 * Items by when they expire, in buckets of one tick: whatever is due within a tick expires together at its end, so that
 * nothing does too early, and up to a tick later than asked for (ZooKeeper's ExpiryQueue). Times are those of one steady
 * clock, in milliseconds.
 */
export class ExpiryQueue<T> {
  readonly #tickMs: number;
  readonly #expiryMs = new Map<T, number>();
  readonly #buckets = new Map<number, Set<T>>();
  #nextExpiryMs: number;

  constructor(tickMs: number, nowMs: number) {
    this.#tickMs = tickMs;
    this.#nextExpiryMs = this.#endOfTick(nowMs);
  }

  /** When the next bucket expires, be there something in it or not. */
  get nextExpiryMs(): number {
    return this.#nextExpiryMs;
  }

  /** Puts the item in, or off, to expire `delayMs` from now at the earliest. */
  update(item: T, nowMs: number, delayMs: number): void {
    const expiryMs = this.#endOfTick(nowMs + delayMs);
    const before = this.#expiryMs.get(item);
    if (expiryMs === before) return;
    if (before !== undefined) this.#removeFrom(before, item);
    this.#expiryMs.set(item, expiryMs);
    let bucket = this.#buckets.get(expiryMs);
    if (bucket === undefined) {
      bucket = new Set();
      this.#buckets.set(expiryMs, bucket);
    }
    bucket.add(item);
  }

  remove(item: T): void {
    const expiryMs = this.#expiryMs.get(item);
    if (expiryMs === undefined) return;
    this.#expiryMs.delete(item);
    this.#removeFrom(expiryMs, item);
  }

  /** Takes out all that has expired, in the order in which it did. */
  takeExpired(nowMs: number): T[] {
    const due = [...this.#buckets.keys()].filter((expiryMs) => expiryMs <= nowMs).sort((a, b) => a - b);
    const expired = due.flatMap((expiryMs) => [...(this.#buckets.get(expiryMs) ?? [])]);
    for (const item of expired) this.remove(item);
    if (this.#nextExpiryMs <= nowMs) this.#nextExpiryMs = this.#endOfTick(nowMs);
    return expired;
  }

  #endOfTick(timeMs: number): number {
    return (Math.floor(timeMs / this.#tickMs) + 1) * this.#tickMs;
  }

  #removeFrom(expiryMs: number, item: T): void {
    const bucket = this.#buckets.get(expiryMs);
    bucket?.delete(item);
    if (bucket?.size === 0) this.#buckets.delete(expiryMs);
  }
}
