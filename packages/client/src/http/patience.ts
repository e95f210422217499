import { ClientClosedError, ClientError } from '../client-error.ts';
import { pause } from '../pause.ts';
import type { Link } from './link.ts';
import type { Route } from './route.ts';

/** A broker may hear of a new topic later than whoever has created it. */
export const NEW_TOPIC_MS = 5000;

export type PatienceLimits = {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** For how long of it no server has to know the topic; by default all of it. */
  readonly unknownTopicMs?: number;
};

/** How long somebody keeps asking for one thing, from now on. */
export class Patience {
  readonly #link: Link;
  readonly #route: Route;
  readonly #signal: AbortSignal;
  readonly #startMs: number;
  readonly #untilMs: number;
  readonly #unknownTopicMs: number;

  constructor(link: Link, route: Route, limits: PatienceLimits) {
    this.#link = link;
    this.#route = route;
    this.#signal = limits.signal;
    this.#startMs = link.ports.clock.steadyMs();
    this.#untilMs = this.#startMs + limits.timeoutMs;
    this.#unknownTopicMs = limits.unknownTopicMs ?? limits.timeoutMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#link.ports.clock.steadyMs());
  }

  /** For the next request. */
  get requestTimeoutMs(): number {
    return Math.min(this.#link.requestTimeoutMs, this.leftMs);
  }

  /** Resolves when it is time to try again. Throws `error` where trying again is no use, or time is up. */
  async afterFailure(error: unknown): Promise<void> {
    if (!(error instanceof ClientError) || !error.isRetriable) throw error;
    const spentMs = this.#link.ports.clock.steadyMs() - this.#startMs;
    if (error.error === 'UNKNOWN_TOPIC_OR_PARTITION' && spentMs > this.#unknownTopicMs) throw error;
    const delayMs = this.#route.nextDelayMs();
    if (delayMs >= this.leftMs) throw error;
    await pause(this.#link.ports.scheduler, delayMs, this.#signal);
    if (this.#signal.aborted) throw new ClientClosedError(error.outcome);
  }
}
