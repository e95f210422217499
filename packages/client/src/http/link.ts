import type { Ports } from '../ports.ts';
import type { BackOffLimits } from './back-off.ts';
import type { Door } from './door.ts';
import type { Servers } from './servers.ts';

/** What all parts of a client share. */
export type Link = {
  readonly door: Door;
  readonly servers: Servers;
  readonly ports: Ports;
  readonly backOff: BackOffLimits;
  /** How long one request may take. */
  readonly requestTimeoutMs: number;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
};
