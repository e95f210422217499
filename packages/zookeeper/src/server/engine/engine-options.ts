import type { Clock } from '@barnabas/model';
import type { Journal } from './peer.ts';

export type EngineOptions = {
  /** Sessions expire at whole multiples of it. */
  readonly tickTimeMs: number;
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
  /** Whether znodes may have a TTL. */
  readonly extendedTypes: boolean;
  readonly clock: Clock;
  /** 16 bytes that only the server can know; the same after a restart. */
  passwordOf(sessionId: bigint): Uint8Array;
  /** 0 to 254; the first byte of the ids of its sessions. */
  readonly serverId: number;
  readonly journal: Journal;
  /** `super:base64(sha1(super:password))` of who may do everything. */
  readonly superDigest?: string;
};
