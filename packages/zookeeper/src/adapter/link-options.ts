import type { ConnectionOptions } from 'node:tls';
import type { Clock, Random, Scheduler } from '@barnabas/model';
import type { Server } from '../session/server.ts';

/** As whom the session authenticates itself on each of its connections: `digest` and `user:password`. */
export type Credential = { readonly scheme: string; readonly auth: Uint8Array };

/** First what a machine reads, then the sentence. A logger of pino fits. */
export interface LinkLogger {
  warn(details: object, message: string): void;
}

export type PackageLinkOptions = {
  /** An IPv6 address stands without brackets. */
  readonly servers: readonly Server[];
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly auth?: readonly Credential[];
  /** Speak TLS, with these options of Node's `tls.connect`. */
  readonly tls?: ConnectionOptions;
  /**
   * From dialling a server until it has taken the session and what it is authenticated as; by default a half of the
   * session timeout, shared among the servers.
   */
  readonly handshakeTimeoutMs?: number;
  /** The most that one answer may have. */
  readonly maxFrameBytes?: number;
  readonly logger?: LinkLogger;
};

/** More names than a cluster has topics or brokers fit into an answer of this size. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
