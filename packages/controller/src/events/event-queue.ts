/** One thing that the controller has to do. */
export type ControllerEvent = {
  /** For the log. */
  readonly name: string;
  /** Whether what it was about is over: its session, or its term. */
  isStale(): boolean;
  run(): Promise<void>;
  /** It will not be run. */
  dropped?(): void;
};

/**
 * The controller's one thread: events run one after the other, in the order in which they came. An event that fails is told
 * of, and the next one runs: nothing wedges the queue, as long as what events wait for ends with the session.
 */
export class EventQueue {
  readonly #failed: (event: ControllerEvent, error: unknown) => Promise<void>;
  #waiting: ControllerEvent[] = [];
  #isRunning = false;

  /** @param failed is waited for before the next event runs; must not reject */
  constructor(failed: (event: ControllerEvent, error: unknown) => Promise<void>) {
    this.#failed = failed;
  }

  /** How many wait, the one that runs not counted. */
  get size(): number {
    return this.#waiting.length;
  }

  put(event: ControllerEvent): void {
    this.#waiting.push(event);
    if (!this.#isRunning) void this.#run();
  }

  /** Drops all that wait. What runs goes on. */
  clear(): void {
    for (const event of this.#waiting.splice(0)) event.dropped?.();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let event = this.#waiting.shift(); event !== undefined; event = this.#waiting.shift()) {
      if (event.isStale()) event.dropped?.();
      else await this.#runOne(event);
    }
    this.#isRunning = false;
  }

  async #runOne(event: ControllerEvent): Promise<void> {
    try {
      await event.run();
    } catch (error) {
      await this.#failed(event, error);
    }
  }
}
