import { Engine } from './engine/engine.ts';
import type { Journal } from './engine/peer.ts';
import { openDataDir } from './persistence/data-dir.ts';
import { sessionPassword } from './persistence/session-secret.ts';
import { RunningServer } from './running-server.ts';
import { type ResolvedConfig, resolveConfig, type ZooKeeperServerOptions } from './server-options.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import type { Said } from './tcp/client-output.ts';
import { OutputGate } from './tcp/output-gate.ts';
import type { Recovery, ZooKeeperServer } from './zookeeper-server.ts';

/** The first byte of the session ids that a ZooKeeper server which stands alone gives out. */
const SERVER_ID = 1;
const SECRET_BYTES = 32;

/**
 * Starts a ZooKeeper server for one machine, in this process: reads its data directory if it has one, and serves any
 * ZooKeeper client on its port. Resolves when it serves.
 *
 * @throws ServerOptionsError
 * @throws DataDirLockedError where another process uses the data directory
 * @throws DamagedDataDirError where something acknowledged is missing from it, or may be
 * @throws the system's error, such as EADDRINUSE for the port or EACCES for the directory
 */
export async function startZooKeeperServer(options: ZooKeeperServerOptions): Promise<ZooKeeperServer> {
  const config = resolveConfig(options);
  return config.dataDir === undefined ? startInMemory(config, options) : startOnDisk(config, config.dataDir, options);
}

async function startInMemory(config: ResolvedConfig, options: ZooKeeperServerOptions): Promise<ZooKeeperServer> {
  const secret = options.random.bytes(SECRET_BYTES);
  const engine = new Engine({
    ...engineOptions(config, options),
    passwordOf: (sessionId) => sessionPassword(secret, sessionId),
    journal: { append: () => {} },
  });
  const gate = new OutputGate<Said>();
  return RunningServer.start({ config, ...options, engine, gate, recovery: recoveryOf(engine, 0), storage: undefined });
}

async function startOnDisk(
  config: ResolvedConfig,
  path: string,
  options: ZooKeeperServerOptions,
): Promise<ZooKeeperServer> {
  const { sync, snapCount } = config;
  const fs = options.fileSystem;
  // What it held must not be kept longer than it takes to restore: a server runs for months.
  const { image, txns, ...dataDir } = await openDataDir({ dataDir: path, sync, snapCount, ...(fs && { fs }) });
  try {
    const { txnLog, passwordOf } = dataDir;
    const gate = new OutputGate<Said>();
    const journal: Journal = {
      append(logged) {
        gate.logged(logged.header.zxid);
        txnLog.append(logged);
      },
    };
    const engine = Engine.restore(image, txns, { ...engineOptions(config, options), passwordOf, journal });
    const snapshots = new SnapshotKeeper(dataDir, image.lastZxid, engine, config.snapshotsKept, options.logger);
    const storage = { dataDir, snapshots };
    const recovery = recoveryOf(engine, txns.length);
    return await RunningServer.start({ config, ...options, engine, gate, recovery, storage });
  } catch (error) {
    await dataDir.close();
    throw error;
  }
}

function engineOptions(config: ResolvedConfig, { clock }: ZooKeeperServerOptions) {
  const { tickTimeMs, minSessionTimeoutMs, maxSessionTimeoutMs, extendedTypes, superDigest } = config;
  return {
    tickTimeMs,
    minSessionTimeoutMs,
    maxSessionTimeoutMs,
    extendedTypes,
    clock,
    serverId: SERVER_ID,
    ...(superDigest !== undefined && { superDigest }),
  };
}

function recoveryOf(engine: Engine, replayedTxns: number): Recovery {
  const { znodes, sessions, lastZxid } = engine.statistics();
  return { znodes, sessions, lastZxid, replayedTxns };
}
