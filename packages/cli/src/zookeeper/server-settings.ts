import type { FourLetterWord } from '@barnabas/zookeeper';

/** What a command line or a zoo.cfg may say about a server; undefined is the server's own default. */
export type ServerSettings = {
  readonly dataDir?: string;
  readonly host?: string;
  readonly port?: number;
  readonly tickTimeMs?: number;
  readonly minSessionTimeoutMs?: number;
  readonly maxSessionTimeoutMs?: number;
  readonly maxFrameBytes?: number;
  readonly containerCheckIntervalMs?: number;
  readonly maxClientConnections?: number;
  readonly snapCount?: number;
  readonly snapshotsKept?: number;
  readonly fourLetterWords?: readonly FourLetterWord[];
  readonly extendedTypes?: boolean;
  readonly sync?: 'fsync' | 'none';
  readonly superDigest?: string;
};
