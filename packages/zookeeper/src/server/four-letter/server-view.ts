import type { EngineStatistics } from '../engine/engine-statistics.ts';
import type { Latency } from '../tcp/latency.ts';
import type { Traffic } from '../tcp/traffic.ts';

/** A server at one moment, as the four-letter words tell of it. */
export type ServerView = {
  readonly version: string;
  readonly uptimeMs: number;
  readonly config: ConfigView;
  readonly tree: EngineStatistics;
  readonly traffic: Traffic;
  /** Requests whose answers wait for the disk. */
  readonly outstandingRequests: number;
  /** In the order of their coming; that which asks is among them. */
  readonly connections: readonly ConnectionView[];
  readonly snapshotsTaken: number;
};

export type ConfigView = {
  readonly host: string;
  readonly port: number;
  /** Undefined where all is kept in memory. */
  readonly dataDir: string | undefined;
  readonly tickTimeMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** 0: no limit. */
  readonly maxClientConnections: number;
};

export type ConnectionView = {
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly isRead: boolean;
  readonly isWritePending: boolean;
  readonly outstanding: number;
  readonly received: number;
  readonly sent: number;
  readonly session: SessionView | undefined;
};

export type SessionView = {
  readonly id: bigint;
  readonly timeoutMs: number;
  readonly establishedMs: number;
  readonly lastOp: string;
  /** Undefined before the first request that has a number of the client's own. */
  readonly lastCxid: number | undefined;
  readonly lastZxid: number;
  /** By the steady clock. */
  readonly lastResponseMs: number;
  readonly lastLatencyMs: number;
  readonly latency: Latency;
};
