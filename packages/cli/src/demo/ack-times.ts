/** Counts acknowledgements as they come, and remembers the longest time without any. */
export class AckTimes {
  readonly #startMs = performance.now();
  #count = 0;
  #expected = 0;
  #lastMs = this.#startMs;
  #longestPauseMs = 0;
  #failure: Error | undefined;
  #wake: () => void = () => {};
  readonly #milestones: { readonly count: number; readonly resolve: () => void }[] = [];

  get count(): number {
    return this.#count;
  }

  /** From the beginning to the last one. */
  get totalMs(): number {
    return this.#lastMs - this.#startMs;
  }

  get longestPauseMs(): number {
    return this.#longestPauseMs;
  }

  /** One more is to come. */
  expect(acknowledgement: Promise<unknown>): void {
    this.#expected += 1;
    acknowledgement.then(
      () => this.#acknowledged(),
      (error) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
        this.#wake();
      },
    );
  }

  /** Resolves when so many have come; never where one does not. */
  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count >= count) resolve();
      else this.#milestones.push({ count, resolve });
    });
  }

  /** For one at a time. @throws what one of them failed with */
  async untilUnacknowledgedBelow(limit: number): Promise<void> {
    while (this.#expected - this.#count >= limit && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #acknowledged(): void {
    const nowMs = performance.now();
    this.#longestPauseMs = Math.max(this.#longestPauseMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    this.#count += 1;
    for (const { count, resolve } of this.#milestones) if (this.#count === count) resolve();
    this.#wake();
  }
}
