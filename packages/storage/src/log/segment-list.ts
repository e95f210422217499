import type { Offset } from '@barnabas/model';
import type { Segment } from '../segment/segment.ts';

/**
 * The segments of a log, by base offset.
 *
 * Invariant: never empty, and in rising order; the last one is the active one.
 */
export class SegmentList {
  #segments: Segment[];

  constructor(segments: readonly Segment[]) {
    if (segments.length === 0) throw new Error('a log has at least one segment');
    this.#segments = [...segments];
  }

  /** As they are now: what is added or removed later is not seen in the array. */
  get all(): readonly Segment[] {
    return this.#segments;
  }

  get first(): Segment {
    return this.#at(0);
  }

  get active(): Segment {
    return this.#at(this.#segments.length - 1);
  }

  /** Place of the segment that would hold `offset`: the last one that begins at or below it; -1 if there is none. */
  floorIndex(offset: Offset): number {
    let low = -1;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      if (this.#at(middle).baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  add(segment: Segment): void {
    this.#segments = [...this.#segments, segment];
  }

  /** Takes out the first `count` segments and answers them. */
  removeFirst(count: number): Segment[] {
    const removed = this.#segments.slice(0, count);
    this.#segments = this.#segments.slice(count);
    return removed;
  }

  /** Takes out the segments from `index` on and answers them. */
  removeFrom(index: number): Segment[] {
    const removed = this.#segments.slice(index);
    this.#segments = this.#segments.slice(0, index);
    return removed;
  }

  replaceAll(segment: Segment): Segment[] {
    const removed = this.#segments;
    this.#segments = [segment];
    return removed;
  }

  #at(index: number): Segment {
    const segment = this.#segments[index];
    if (segment === undefined) throw new Error(`there is no segment ${index} of ${this.#segments.length}`);
    return segment;
  }
}
