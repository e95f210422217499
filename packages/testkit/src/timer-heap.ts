/** A timer that is set: when it is due, and the how-manieth it is. */
export type DueTask = { readonly atMs: number; readonly order: number; readonly task: () => void };

/**
 * Timers in the order in which they fall due, and those due at the same time in the order in which they were set. A binary
 * heap; one that is called off stays in it until it comes to the top.
 */
export class TimerHeap {
  readonly #heap: DueTask[] = [];
  readonly #live = new Set<DueTask>();
  #added = 0;

  /** Those that have neither been taken nor called off. */
  get size(): number {
    return this.#live.size;
  }

  get first(): DueTask | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#live.has(top)) return top;
      this.#removeTop();
    }
    return undefined;
  }

  add(atMs: number, task: () => void): DueTask {
    const due = { atMs, order: this.#added++, task };
    this.#live.add(due);
    this.#heap.push(due);
    this.#rise(this.#heap.length - 1);
    return due;
  }

  cancel(due: DueTask): void {
    this.#live.delete(due);
  }

  takeFirst(): DueTask | undefined {
    const { first } = this;
    if (first === undefined) return undefined;
    this.#live.delete(first);
    this.#removeTop();
    return first;
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfWrong(parent, at)) return;
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapIfWrong(at, child)) return;
      at = child;
    }
  }

  /** Whether they had to be swapped. */
  #swapIfWrong(upper: number, lower: number): boolean {
    const [above, below] = [this.#heap[upper], this.#heap[lower]];
    if (above === undefined || below === undefined || !this.#isBefore(lower, upper)) return false;
    this.#heap[upper] = below;
    this.#heap[lower] = above;
    return true;
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }
}
