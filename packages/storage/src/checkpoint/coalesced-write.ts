/**
 * Runs a write that any number of callers ask for: never two at a time, and one run serves all who asked before it
 * began. So each caller knows that what it had changed before it asked has been written.
 */
export class CoalescedWrite {
  readonly #write: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when a write that began after this call is done; rejects as it does. */
  request(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    const previous = this.#running;
    this.#next = this.#runAfter(previous);
    return this.#next;
  }

  async #runAfter(previous: Promise<void> | undefined): Promise<void> {
    await previous?.catch(() => {});
    this.#running = this.#next;
    this.#next = undefined;
    try {
      await this.#write();
    } finally {
      this.#running = undefined;
    }
  }
}
