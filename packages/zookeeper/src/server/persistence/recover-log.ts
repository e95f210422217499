import { join } from 'node:path';
import type { LoggedTxn } from '../../txn/txn.ts';
import { type ZxidFile, zxidFileName, zxidFiles } from './file-names.ts';
import type { FileSystem } from './file-system.ts';
import { FileWindow } from './file-window.ts';
import { findTxnBehind } from './find-txn.ts';
import { type LogScan, scanLog } from './log-scan.ts';
import { DamagedDataDirError } from './persistence-errors.ts';
import type { RecoveryPoint } from './recovery-point.ts';

export type RecoveredLog = {
  /** In order of zxid, all after the snapshot, none missing. */
  readonly txns: readonly LoggedTxn[];
  readonly lastZxid: number;
  readonly lastFile: LastLogFile | undefined;
};

/** What is behind the first `keptBytes` of a file was never acknowledged; 0 where it has no transaction at all. */
export type LastLogFile = { readonly path: string; readonly keptBytes: number };

/**
 * Reads the transactions after `snapshotZxid`. Changes nothing.
 *
 * A file that is not the last may end in a tear if the next one goes on where it ends: ZooKeeper, which begins a new
 * file at each start, leaves tears in place.
 *
 * @param recoveryPoint undefined where there is none; that of a file before the last says nothing, as ZooKeeper has
 *   written the last then
 * @throws DamagedDataDirError where an acknowledged transaction may be missing: something in the middle is not whole,
 *   zxids have a gap, or the last file is not there
 */
export async function recoverLog(
  fs: FileSystem,
  directory: string,
  names: readonly string[],
  snapshotZxid: number,
  recoveryPoint: RecoveryPoint | undefined,
): Promise<RecoveredLog> {
  const allFiles = zxidFiles('log', names);
  refuseMissing(directory, allFiles.at(-1)?.zxid ?? 0, recoveryPoint);
  const files = filesAfter(allFiles, snapshotZxid);
  const collector = new TxnCollector(snapshotZxid);
  let lastFile: LastLogFile | undefined;
  for (const [index, file] of files.entries()) {
    const path = join(directory, file.name);
    const next = files[index + 1];
    collector.begin(path, file.zxid);
    await withWindow(fs, path, async (window) => {
      const scan = await scanLog(window);
      collector.take(path, scan);
      refuseUnreadable(path, scan);
      if (next === undefined) {
        const point = recoveryPoint?.logZxid === file.zxid ? recoveryPoint : undefined;
        await checkTail(path, window, scan, collector.lastReadZxid, point);
        lastFile = { path, keptBytes: scan.entries.length === 0 ? 0 : scan.endPosition };
      } else if (scan.end.kind === 'damaged' && next.zxid !== collector.lastReadZxid + 1) {
        throw new DamagedDataDirError(path, scan.endPosition, `${scan.end.problem}, and ${next.name} follows`);
      }
    });
  }
  return { txns: collector.txns, lastZxid: collector.lastZxid, lastFile };
}

/** The files that may have transactions after the snapshot: from the last one on that begins at its successor or before. */
function filesAfter(files: readonly ZxidFile[], snapshotZxid: number): readonly ZxidFile[] {
  const first = files.findLastIndex(({ zxid }) => zxid <= snapshotZxid + 1);
  return files.slice(Math.max(0, first));
}

/** A file of which something was flushed goes only when the snapshots need it no more, and there is a later one then. */
function refuseMissing(directory: string, lastZxid: number, point: RecoveryPoint | undefined): void {
  if (point === undefined || point.logZxid <= lastZxid || point.position === 0) return;
  const path = join(directory, zxidFileName('log', point.logZxid));
  throw new DamagedDataDirError(path, undefined, `it is missing, and was flushed up to ${point.position}`);
}

async function withWindow(fs: FileSystem, path: string, read: (window: FileWindow) => Promise<void>): Promise<void> {
  const file = await fs.open(path, 'read');
  try {
    await read(await FileWindow.over(file));
  } finally {
    await file.close();
  }
}

/** Gathers the transactions after a snapshot, and sees to it that none is missing. */
class TxnCollector {
  readonly #snapshotZxid: number;
  readonly txns: LoggedTxn[] = [];
  lastZxid: number;
  /** Those that the snapshot has included. */
  lastReadZxid = 0;

  constructor(snapshotZxid: number) {
    this.#snapshotZxid = snapshotZxid;
    this.lastZxid = snapshotZxid;
  }

  /** A file was named for its first transaction, so that it tells of those before even if it has none. */
  begin(path: string, zxid: number): void {
    if (zxid > this.lastZxid) this.#checkSuccessor(path, undefined, zxid);
  }

  take(path: string, { entries }: LogScan): void {
    for (const { position, logged } of entries) {
      const { zxid } = logged.header;
      this.lastReadZxid = zxid;
      if (this.txns.length === 0 && zxid <= this.#snapshotZxid) continue;
      this.#checkSuccessor(path, position, zxid);
      this.txns.push(logged);
      this.lastZxid = zxid;
    }
  }

  #checkSuccessor(path: string, position: number | undefined, zxid: number): void {
    if (isSuccessor(this.lastZxid, zxid)) return;
    const last = this.lastZxid.toString(16);
    throw new DamagedDataDirError(path, position, `transaction 0x${zxid.toString(16)} follows 0x${last}`);
  }
}

const EPOCH = 2 ** 32;

/** A zxid counts up by one, or is the first of a later epoch of an ensemble; the epoch is its upper half. */
function isSuccessor(before: number, zxid: number): boolean {
  return zxid === before + 1 || (zxid % EPOCH === 1 && zxid > before);
}

function refuseUnreadable(path: string, { end, endPosition }: LogScan): void {
  if (end.kind === 'unreadable') throw new DamagedDataDirError(path, endPosition, end.problem);
}

/** Decides what is behind the last whole transaction: nothing, or a tear; throws where acknowledged ones were damaged. */
async function checkTail(
  path: string,
  window: FileWindow,
  { end, endPosition }: LogScan,
  lastZxid: number,
  recoveryPoint: RecoveryPoint | undefined,
): Promise<void> {
  const problem = end.kind === 'clean' ? 'the transactions end' : end.problem;
  if (recoveryPoint === undefined) {
    const position = await findTxnBehind(window, endPosition, lastZxid);
    if (position !== undefined) {
      throw new DamagedDataDirError(path, endPosition, `${problem}, and a transaction follows at byte ${position}`);
    }
  } else if (endPosition < recoveryPoint.position) {
    throw new DamagedDataDirError(path, endPosition, `${problem}, and was flushed up to ${recoveryPoint.position}`);
  }
}
