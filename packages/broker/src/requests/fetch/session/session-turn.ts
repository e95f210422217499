/** Without a reason of ours each interruption makes an error, with its stack; and nobody asks. */
const INTERRUPTED = Symbol('the next request of the session has come');

/**
 * One fetch of a session, from its arrival to its answer. A session has one turn at a time: the next request of the asker
 * interrupts the one before, which is then answered with nothing.
 */
export class SessionTurn {
  readonly #aborter = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #isWoken = false;
  #isTimeUp = false;
  #wake: (() => void) | undefined;

  /** Aborted when the turn is interrupted. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  get isInterrupted(): boolean {
    return this.#aborter.signal.aborted;
  }

  get isTimeUp(): boolean {
    return this.#isTimeUp;
  }

  /** Settles when the turn is over. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** There is something to be looked at. */
  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  endWait(): void {
    this.#isTimeUp = true;
    this.wake();
  }

  interrupt(): void {
    this.#aborter.abort(INTERRUPTED);
    this.wake();
  }

  /** Resolves when the turn has been woken since it last did. */
  async woken(): Promise<void> {
    if (!this.#isWoken) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    this.#isWoken = false;
  }

  end(): void {
    this.#ended.resolve();
  }
}
