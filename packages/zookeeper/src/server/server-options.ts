import type { Clock, Random, Scheduler } from '@barnabas/model';
import { FOUR_LETTER_WORDS, type FourLetterWord } from './four-letter/four-letter-words.ts';
import type { Logger } from './logger.ts';
import type { FileSystem } from './persistence/file-system.ts';
import { DEFAULT_CONNECTION_LIMITS } from './tcp/connection-limits.ts';

/** What a server is made of and made for. Defaults are ZooKeeper's own where nothing else is said. */
export type ZooKeeperServerOptions = Partial<ServerConfig> & {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly logger: Logger;
  /** That of the machine where there is none. */
  readonly fileSystem?: FileSystem;
};

export type ServerConfig = {
  /** Transactions and snapshots are kept here, in ZooKeeper's formats; undefined: nothing is kept. */
  readonly dataDir: string | undefined;
  /** ZooKeeper listens on all addresses; the default here is 127.0.0.1: anyone who reaches the port may write. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly tickTimeMs: number;
  /** Twice the tick time, where undefined. */
  readonly minSessionTimeoutMs: number | undefined;
  /** Twenty times the tick time, where undefined. */
  readonly maxSessionTimeoutMs: number | undefined;
  /** `jute.maxbuffer` */
  readonly maxFrameBytes: number;
  /** Connections that one address may have open; 0: any number. */
  readonly maxClientConnections: number;
  /** How long a connection may take to send its handshake. */
  readonly handshakeTimeoutMs: number;
  /** `none` answers when the system has a transaction, before the disk has it (`forceSync=no`). */
  readonly sync: 'fsync' | 'none';
  /** Transactions after which a snapshot is written. */
  readonly snapCount: number;
  /** Snapshots that are kept, with the transactions after the oldest of them. ZooKeeper keeps all unless it is told. */
  readonly snapshotsKept: number;
  /** How often containers without children and znodes past their TTL are removed. */
  readonly containerCheckIntervalMs: number;
  /** Whether there are znodes with a TTL (`extendedTypesEnabled`; ZooKeeper's default is that there are none). */
  readonly extendedTypes: boolean;
  /** Which of them are answered. ZooKeeper's default is `srvr` alone; see `FOUR_LETTER_WORDS` for why not here. */
  readonly fourLetterWords: readonly FourLetterWord[];
  /** `user:base64(sha1(user:password))` of whom nothing is forbidden. */
  readonly superDigest: string | undefined;
};

/** With all that follows from other values. */
export type ResolvedConfig = ServerConfig & {
  readonly minSessionTimeoutMs: number;
  readonly maxSessionTimeoutMs: number;
};

/** The options contradict each other, or are none that a server can have. */
export class ServerOptionsError extends Error {
  override readonly name = 'ServerOptionsError';
}

const DEFAULTS = {
  dataDir: undefined,
  host: '127.0.0.1',
  port: 2181,
  tickTimeMs: 2000,
  maxFrameBytes: DEFAULT_CONNECTION_LIMITS.maxFrameBytes,
  maxClientConnections: 60,
  handshakeTimeoutMs: DEFAULT_CONNECTION_LIMITS.handshakeTimeoutMs,
  sync: 'fsync',
  snapCount: 100_000,
  snapshotsKept: 3,
  containerCheckIntervalMs: 60_000,
  extendedTypes: true,
  fourLetterWords: FOUR_LETTER_WORDS,
  superDigest: undefined,
} as const satisfies Partial<ServerConfig>;

/** Those that have to be 1 at least. */
const POSITIVE = [
  'tickTimeMs',
  'maxFrameBytes',
  'snapCount',
  'snapshotsKept',
  'containerCheckIntervalMs',
  'handshakeTimeoutMs',
  'minSessionTimeoutMs',
] as const satisfies (keyof ServerConfig)[];

/** @throws ServerOptionsError */
export function resolveConfig(options: Partial<ServerConfig>): ResolvedConfig {
  const withDefaults = { ...DEFAULTS, ...options };
  const { tickTimeMs } = withDefaults;
  const config = {
    ...withDefaults,
    minSessionTimeoutMs: options.minSessionTimeoutMs ?? 2 * tickTimeMs,
    maxSessionTimeoutMs: options.maxSessionTimeoutMs ?? 20 * tickTimeMs,
  };
  for (const name of POSITIVE) {
    if (!(config[name] >= 1)) throw new ServerOptionsError(`${name} is ${config[name]}; it has to be 1 at least`);
  }
  // To listen on no address in particular is to listen on all; a directory without a name is the current one.
  for (const name of ['host', 'dataDir'] as const) {
    if (config[name] === '') throw new ServerOptionsError(`${name} is empty`);
  }
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = config;
  if (minSessionTimeoutMs > maxSessionTimeoutMs) {
    throw new ServerOptionsError(
      `the least session timeout, ${minSessionTimeoutMs} ms, is more than the greatest, ${maxSessionTimeoutMs} ms`,
    );
  }
  return config;
}
