import type { ControllerEvent, EventQueue } from '../events/event-queue.ts';
import type { FencedSession } from '../znodes/fenced-session.ts';

/** Puts the events of one term into the controller's queue; those that are not run by its end never are. */
export class TermEvents {
  readonly #queue: EventQueue;
  readonly #fenced: FencedSession;

  constructor(queue: EventQueue, fenced: FencedSession) {
    this.#queue = queue;
    this.#fenced = fenced;
  }

  /** @param dropped called where it is not run */
  put(name: string, run: () => Promise<void>, dropped?: () => void): void {
    if (this.#fenced.isOver) dropped?.();
    else this.#queue.put(this.#event(name, run, dropped));
  }

  /** A function that puts the event, unless it waits to be run already: for what says "dirty", and never what. */
  once(name: string, run: () => Promise<void>): () => void {
    let isWaiting = false;
    const begin = () => {
      isWaiting = false;
      return run();
    };
    return () => {
      if (isWaiting) return;
      isWaiting = true;
      this.put(name, begin);
    };
  }

  #event(name: string, run: () => Promise<void>, dropped: (() => void) | undefined): ControllerEvent {
    const event = { name, run, isStale: () => this.#fenced.isOver };
    return dropped === undefined ? event : { ...event, dropped };
  }
}
