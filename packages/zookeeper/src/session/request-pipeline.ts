import { abandon, type Call } from './call.ts';

/** How often, at the most, all that waits is looked through for what is overdue. */
const SWEEP_PERIOD_MS = 10;
/** How much of the queue's array may be behind its head. */
const TRIM_AT = 1000;

/**
 * The requests of one session: those in flight, a bounded number, and behind them those that wait for a place, in the order
 * of the calls. It has no timer: `sweepDueMs` says when it wants to be swept.
 *
 * Invariant: nothing waits while there is a place. A request that was sent keeps its place until its answer comes, even if its
 * caller waits no more: the server still has it.
 */
export class RequestPipeline {
  readonly #maxInFlight: number;
  readonly #maxQueued: number;
  readonly #send: (call: Call) => void;
  readonly #inFlight = new Set<Call>();
  #queue: Call[] = [];
  /** Where the queue begins: what is before it has been sent. */
  #head = 0;
  #sweepDueMs = Number.POSITIVE_INFINITY;

  /** @param send hands it to the link */
  constructor(limits: { readonly maxInFlight: number; readonly maxQueued: number }, send: (call: Call) => void) {
    this.#maxInFlight = limits.maxInFlight;
    this.#maxQueued = limits.maxQueued;
    this.#send = send;
  }

  /** When the first deadline passes, or before. */
  get sweepDueMs(): number {
    return this.#sweepDueMs;
  }

  /** Sends it, or lets it wait for its turn; false where too many wait. */
  submit(call: Call): boolean {
    const hasPlace = this.#inFlight.size < this.#maxInFlight;
    if (!hasPlace && this.#queue.length - this.#head >= this.#maxQueued) return false;
    if (call.deadlineAtMs < this.#sweepDueMs) this.#sweepDueMs = call.deadlineAtMs;
    if (hasPlace) this.#transmit(call);
    else this.#queue.push(call);
    return true;
  }

  /** Its answer has come. False for one that `failAll` has dealt with. */
  release(call: Call): boolean {
    return this.#inFlight.delete(call);
  }

  has(call: Call): boolean {
    return this.#inFlight.has(call);
  }

  /** Sends what waits, as far as there are places. */
  refill(): void {
    while (this.#inFlight.size < this.#maxInFlight && this.#head < this.#queue.length) {
      const call = this.#queue[this.#head] as Call;
      this.#head++;
      this.#transmit(call);
    }
    this.#trim();
  }

  /** Callers whose deadline has passed are told; those of them that were not sent give up their turn. */
  sweep(nowMs: number): void {
    if (nowMs < this.#sweepDueMs) return;
    const waiting = this.#queue.slice(this.#head);
    for (const call of this.#inFlight) expire(call, nowMs);
    for (const call of waiting) expire(call, nowMs);
    this.#queue = waiting.filter((call) => !call.isSettled);
    this.#head = 0;
    this.#sweepDueMs = Math.max(this.#earliestDeadlineMs(), nowMs + SWEEP_PERIOD_MS);
  }

  /** No answer will come any more, and nothing that waits will be sent. */
  failAll(fail: (call: Call) => void): void {
    const calls = [...this.#inFlight, ...this.#queue.slice(this.#head)];
    this.#inFlight.clear();
    this.#queue = [];
    this.#head = 0;
    this.#sweepDueMs = Number.POSITIVE_INFINITY;
    for (const call of calls) fail(call);
  }

  /** It has its place before the link hears of it: the answer may come at once. */
  #transmit(call: Call): void {
    this.#inFlight.add(call);
    this.#send(call);
  }

  /** Lets go of what was sent, without moving the rest too often. */
  #trim(): void {
    if (this.#head === 0 || (this.#head < TRIM_AT && this.#head < this.#queue.length)) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
  }

  #earliestDeadlineMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { isSettled, deadlineAtMs } of this.#inFlight) {
      if (!isSettled && deadlineAtMs < earliestMs) earliestMs = deadlineAtMs;
    }
    for (const { deadlineAtMs } of this.#queue) {
      if (deadlineAtMs < earliestMs) earliestMs = deadlineAtMs;
    }
    return earliestMs;
  }
}

function expire(call: Call, nowMs: number): void {
  if (call.deadlineAtMs <= nowMs) abandon(call, 'OPERATION_TIMEOUT', 'no answer within the deadline');
}
