import type { Clock, Scheduler } from '@barnabas/model';
import { MAX_REQUEST_BYTES } from './request-size.ts';

/** What a session may be told to do otherwise. */
export type SessionLimits = {
  /**
   * How many requests may be on their way at once, heartbeats not counted. Kafka's 10 (`zookeeper.max.in.flight.requests`) waits
   * for the server's disk between every ten writes; the server itself takes 1000 from all its clients together before it
   * stops reading (`globalOutstandingLimit`), of which 100 leave room for the other brokers.
   */
  readonly maxInFlight: number;
  /** How many more may wait for their turn. */
  readonly maxQueued: number;
  /** The most that one request may have: not above the server's `jute.maxbuffer`, which closes the connection on more. */
  readonly maxRequestBytes: number;
  /** Deadline of a call that names none; the session timeout if this is undefined. */
  readonly callDeadlineMs: number | undefined;
};

export const DEFAULT_SESSION_LIMITS: SessionLimits = {
  maxInFlight: 100,
  maxQueued: 100_000,
  maxRequestBytes: MAX_REQUEST_BYTES,
  callDeadlineMs: undefined,
};

/** What a session takes from its surroundings. */
export type SessionSurroundings = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Is told what watchers and listeners throw. */
  readonly onUncaught: (error: unknown) => void;
};
