/**
 * Tells listeners and watchers what happened: one after the other, in the order of the announcements, and never while the
 * session is in the middle of something. Each announcement is a microtask, as the continuation of an awaited promise is, so
 * that events and answers are heard in the order in which they came from the server.
 */
export class Announcer {
  readonly #onUncaught: (error: unknown) => void;

  /** @param onUncaught is told what listeners throw */
  constructor(onUncaught: (error: unknown) => void) {
    this.#onUncaught = onUncaught;
  }

  announce(tell: () => void): void {
    queueMicrotask(() => this.guarded(tell));
  }

  /** Runs it now. */
  guarded(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#onUncaught(error);
    }
  }
}
