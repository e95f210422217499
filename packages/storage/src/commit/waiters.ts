type Waiter = { readonly sequence: number; readonly resolve: () => void; readonly reject: (error: Error) => void };

/** Callers that wait until the op with some sequence number is done. They come in rising order of it. */
export class Waiters {
  #waiting: Waiter[] = [];
  #done: number;

  constructor(done: number) {
    this.#done = done;
  }

  /** Up to which op all is done. */
  get done(): number {
    return this.#done;
  }

  /** Resolves when all up to `sequence` is done, at once if it is. */
  until(sequence: number): Promise<void> {
    if (sequence <= this.#done) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ sequence, resolve, reject }));
  }

  resolveUpTo(sequence: number): void {
    this.#done = sequence;
    const firstLeft = this.#waiting.findIndex((waiter) => waiter.sequence > sequence);
    const done = firstLeft < 0 ? this.#waiting : this.#waiting.slice(0, firstLeft);
    this.#waiting = firstLeft < 0 ? [] : this.#waiting.slice(firstLeft);
    for (const waiter of done) waiter.resolve();
  }

  rejectAll(error: Error): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (const waiter of all) waiter.reject(error);
  }
}
