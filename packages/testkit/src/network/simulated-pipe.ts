import type { Clock, Scheduler } from '@barnabas/model';

/** The process at the other end. */
type Receiver = { run(task: () => void): void };

type Message = { readonly era: number; readonly deliver: () => void };

/**
 * One direction of a connection: each message comes after its own delay, and never before one that was sent earlier. It can
 * be held, as where packets are lost and sent again and again, or emptied of all that is under way.
 */
export class SimulatedPipe {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #receiver: Receiver;
  readonly #latencyMs: () => number;
  #lastAtMs = 0;
  #isHeld = false;
  #held: Message[] = [];
  /** Counts how often it was emptied. */
  #era = 0;

  constructor(
    surroundings: { readonly clock: Clock; readonly scheduler: Scheduler; readonly latencyMs: () => number },
    receiver: Receiver,
  ) {
    this.#clock = surroundings.clock;
    this.#scheduler = surroundings.scheduler;
    this.#latencyMs = surroundings.latencyMs;
    this.#receiver = receiver;
  }

  /** `deliver` runs in the process at the other end. */
  send(deliver: () => void): void {
    const nowMs = this.#clock.steadyMs();
    const era = this.#era;
    this.#lastAtMs = Math.max(this.#lastAtMs, nowMs + this.#latencyMs());
    this.#scheduler.after(this.#lastAtMs - nowMs, () => this.#arrive({ era, deliver }));
  }

  hold(): void {
    this.#isHeld = true;
  }

  /** What was held arrives now. */
  release(): void {
    this.#isHeld = false;
    for (const message of this.#held.splice(0)) this.#arrive(message);
  }

  /** What is under way is lost; what is sent from now on arrives. */
  empty(): void {
    this.#era++;
    this.#held = [];
    this.#isHeld = false;
  }

  #arrive(message: Message): void {
    if (this.#isHeld) this.#held.push(message);
    else this.#receiver.run(() => this.#deliver(message));
  }

  /** It may have been emptied while the process stood still. */
  #deliver({ era, deliver }: Message): void {
    if (era === this.#era) deliver();
  }
}
