import type { Offset } from '@barnabas/model';
import { baseOffsetOf, nextOffsetOf } from '@barnabas/protocol';
import type { Segment } from '../segment/segment.ts';

/** What all logs of a process may hold of their last batches, so that a follower that falls behind costs no memory. */
export type RecentBudget = { usedBytes: number; readonly limitBytes: number };

/** A log alone may hold so much. */
const LOG_LIMIT_BYTES = 1024 * 1024;

type Kept = { readonly segment: Segment; readonly position: number; readonly bytes: Buffer };

/** Whole batches in memory that follow each other in a segment, and where the first one lies. */
export type RecentRun = { readonly segment: Segment; readonly position: number; readonly batches: readonly Buffer[] };

/**
 * The last batches that a leader has written to its log and that are not yet on all replicas that count: each follower is
 * about to ask for them, and gets them from here instead of from the file.
 *
 * Invariant: what is kept is in the files, and was not changed or cut since; one batch begins where the one before ends.
 */
export class RecentBatches {
  readonly budget: RecentBudget;
  #kept: Kept[] = [];
  #bytes = 0;

  constructor(budget: RecentBudget) {
    this.budget = budget;
  }

  /** Keeps a batch that has been written, or nothing at all where there is no room for it. */
  keep(segment: Segment, position: number, bytes: Buffer): void {
    const last = this.#kept.at(-1);
    if (last !== undefined && (last.segment !== segment || last.position + last.bytes.length !== position))
      this.clear();
    while (this.#kept.length > 0 && this.#bytes + bytes.length > LOG_LIMIT_BYTES) this.#dropFirst();
    if (this.#bytes + bytes.length > LOG_LIMIT_BYTES || !this.#hasRoomFor(bytes.length)) {
      this.clear();
      return;
    }
    this.#kept.push({ segment, position, bytes: ownBytes(bytes) });
    this.#count(bytes.length);
  }

  /** Nobody is expected to ask for what lies below `end` any more. */
  dropBelow(end: Offset): void {
    for (let first = this.#kept[0]; first !== undefined && nextOffsetOf(first.bytes) <= end; first = this.#kept[0]) {
      this.#dropFirst();
    }
  }

  /** The log was cut. */
  clear(): void {
    this.#kept = [];
    this.#count(-this.#bytes);
  }

  /** From the batch that holds `from` on, those that end at or below `end`; undefined where that batch is not here. */
  from(from: Offset, end: Offset): RecentRun | undefined {
    const at = this.#placeOf(from);
    const first = this.#kept[at];
    if (first === undefined || from < baseOffsetOf(first.bytes)) return undefined;
    const batches: Buffer[] = [];
    for (const { bytes } of this.#kept.slice(at)) {
      if (nextOffsetOf(bytes) > end) break;
      batches.push(bytes);
    }
    return batches.length === 0 ? undefined : { segment: first.segment, position: first.position, batches };
  }

  /** Of the first batch that ends above `from`. */
  #placeOf(from: Offset): number {
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const kept = this.#kept[middle];
      if (kept !== undefined && nextOffsetOf(kept.bytes) <= from) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #hasRoomFor(bytes: number): boolean {
    return this.budget.usedBytes + bytes <= this.budget.limitBytes;
  }

  #dropFirst(): void {
    const first = this.#kept.shift();
    if (first !== undefined) this.#count(-first.bytes.length);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.budget.usedBytes += bytes;
  }
}

/** A small batch of a large request is a view of it, and would keep all of it in memory. */
const ownBytes = (bytes: Buffer): Buffer => {
  if (bytes.buffer.byteLength <= 2 * bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
};
