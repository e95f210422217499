import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { startZooKeeperServer } from '@barnabas/zookeeper';
import type { ServerSettings } from './server-config.ts';

export type EmbeddedZooKeeper = {
  readonly host: string;
  readonly port: number;
  /** Also removes its data. Rejects with what made it fail, if it did. */
  stop(): Promise<void>;
};

/** Starts our own server in this process, as like a real one of these settings as can be, on a directory of its own. */
export const embeddedZooKeeper = async (settings: ServerSettings): Promise<EmbeddedZooKeeper> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'barnabas-embedded-zookeeper-'));
  const complaints: string[] = [];
  const server = await startZooKeeperServer({
    clock: systemClock,
    scheduler: systemScheduler,
    random: systemRandom,
    logger: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (details, message) => complaints.push(`${message}: ${Object.values(details).map(String).join(', ')}`),
    },
    dataDir,
    port: 0,
    tickTimeMs: settings.tickTimeMs,
    minSessionTimeoutMs: settings.sessionTimeoutMsMin,
    maxSessionTimeoutMs: settings.sessionTimeoutMsMax,
    maxClientConnections: 0,
    containerCheckIntervalMs: settings.containerCheckIntervalMs,
    sync: settings.fsync ? 'fsync' : 'none',
  });
  const stop = async (): Promise<void> => {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
    if (complaints.length > 0) throw new Error(`the embedded server complained:\n${complaints.join('\n')}`);
  };
  return { host: server.host, port: server.port, stop };
};
