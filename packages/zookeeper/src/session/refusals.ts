import type { Scheduler } from '@barnabas/model';

/** The least that Node's timers count; on simulated time, who asks again and again would get no further with less. */
const TURN_MS = 1;

/**
 * Tells callers that they are refused, in the order of the calls, a turn of the event loop later: who calls again as soon as
 * a call is refused must not keep timers and sockets, and with them the cure, from their turn. One timer for all of a turn.
 */
export class Refusals {
  readonly #scheduler: Scheduler;
  #waiting: (() => void)[] = [];

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  add(refuse: () => void): void {
    this.#waiting.push(refuse);
    if (this.#waiting.length === 1) this.#scheduler.after(TURN_MS, () => this.tellAll());
  }

  /** Now, before anything that is called from here on is answered. */
  tellAll(): void {
    for (const refuse of this.#waiting.splice(0)) refuse();
  }
}
