import { dirname, join } from 'node:path';
import type { TreeImage } from '../../txn/tree-image.ts';
import type { LoggedTxn } from '../../txn/txn.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { undefinedIfMissing } from './file-io.ts';
import { VERSION_DIRECTORY } from './file-names.ts';
import type { FileLock, FileSystem } from './file-system.ts';
import { checkReplaced, loadNewestSnapshot } from './load-snapshot.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { type LastLogFile, recoverLog } from './recover-log.ts';
import { RecoveryPointFile, readRecoveryPoint } from './recovery-point.ts';
import { sessionPassword, sessionSecret } from './session-secret.ts';
import { purgeFiles, removeTemporarySnapshots, saveSnapshotFile } from './snapshot-files.ts';
import { TxnLog, type TxnLogOptions } from './txn-log.ts';

export type DataDirOptions = Partial<TxnLogOptions> & {
  readonly dataDir: string;
  /** That of the machine if not given. */
  readonly fs?: FileSystem;
};

/** ZooKeeper's own. */
const DEFAULTS: TxnLogOptions = {
  sync: 'fsync',
  snapCount: 100_000,
  snapSizeBytes: 4 * 1024 ** 3,
  preallocateBytes: 64 * 1024 ** 2,
};

/** What a data directory held: the tree, and what to apply to it, in order, to have it as it was. */
type Recovered = { readonly image: TreeImage; readonly txns: readonly LoggedTxn[] };

/** A data directory that was just opened. What it held is not needed for long: only `OpenDataDir` is to be kept. */
export type DataDir = Recovered & OpenDataDir;

/** A data directory that is open, and locked. */
export type OpenDataDir = {
  readonly txnLog: TxnLog;
  /** See `session-secret.ts`. */
  passwordOf(sessionId: bigint): Uint8Array;
  /**
   * Writes a snapshot; to be called without an `await` after the image was taken, for the log begins a new file at
   * this very moment. Resolves when the snapshot is on the disk. Rejects with the system's error, after which all is
   * as it was, or with `TxnLogFailedError`.
   */
  saveSnapshot(image: TreeImage): Promise<void>;
  /** Removes snapshots but for the `keepCount` newest, and logs that those do not need. Answers what was removed. */
  purge(keepCount: number): Promise<readonly string[]>;
  /** Resolves when all that was appended is durable, snapshots under way are written, and the lock is free. */
  close(): Promise<void>;
};

/**
 * Opens a ZooKeeper data directory, or makes one: locks it, reads the newest whole snapshot and the log after it, and
 * cuts off the log what a crash has torn.
 *
 * @throws DataDirLockedError if another process uses it
 * @throws DamagedDataDirError where something acknowledged is missing or may be; nothing was changed
 */
export async function openDataDir(options: DataDirOptions): Promise<DataDir> {
  const { dataDir, fs = nodeFileSystem } = options;
  const directory = join(dataDir, VERSION_DIRECTORY);
  await makeDirectories(fs, dataDir, directory);
  const lock = await lockDataDir(fs, dataDir);
  try {
    return await openLocked(fs, dataDir, directory, lock, { ...DEFAULTS, ...options });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(
  fs: FileSystem,
  dataDir: string,
  directory: string,
  lock: FileLock,
  options: TxnLogOptions,
): Promise<DataDir> {
  const names = (await fs.list(directory)).map(({ name }) => name);
  const { image, damaged, isNew } = await loadNewestSnapshot(fs, directory, names);
  const point = await readRecoveryPoint(fs, dataDir);
  const { txns, lastZxid, lastFile } = await recoverLog(fs, directory, names, image.lastZxid, point);
  checkReplaced(damaged, lastZxid);

  // From here on the directory is known to be sound, and is changed.
  const secret = await sessionSecret(fs, dataDir);
  await removeTemporarySnapshots(fs, directory, names);
  if (lastFile !== undefined) await settle(fs, directory, lastFile);
  // ZooKeeper refuses a log without a snapshot.
  if (isNew) await saveSnapshotFile(fs, directory, image, async () => {});
  const start = { lastZxid, txnsSinceSnapshot: txns.length };
  const txnLog = new TxnLog(fs, directory, await RecoveryPointFile.open(fs, dataDir), start, options);
  let saving = Promise.resolve();
  return {
    image,
    txns,
    txnLog,
    passwordOf: (sessionId) => sessionPassword(secret, sessionId),
    saveSnapshot(toSave) {
      txnLog.roll();
      const untilDurable = () => txnLog.untilDurable(toSave.lastZxid);
      const saved = saving.then(() => saveSnapshotFile(fs, directory, toSave, untilDurable));
      saving = saved.catch(() => {});
      return saved;
    },
    purge: (keepCount) => purgeFiles(fs, directory, keepCount),
    async close() {
      try {
        await saving;
        await txnLog.close();
      } finally {
        await lock.release();
      }
    },
  };
}

/** Their names are on the disk when the recovery point's is, but for that of the data directory, which is here. */
async function makeDirectories(fs: FileSystem, dataDir: string, directory: string): Promise<void> {
  const isThere = (await fs.list(dataDir).catch(undefinedIfMissing)) !== undefined;
  await fs.makeDirectory(directory);
  if (!isThere) await fs.syncDirectory(dirname(dataDir));
}

/**
 * Cuts a tear off, and flushes what is left: if the process died and not the machine, some of it may be in memory alone,
 * and it will be served.
 */
async function settle(fs: FileSystem, directory: string, { path, keptBytes }: LastLogFile): Promise<void> {
  if (keptBytes === 0) {
    await fs.removeFile(path);
    await fs.syncDirectory(directory);
    return;
  }
  const file = await fs.open(path, 'write');
  try {
    await file.truncate(keptBytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
