import { join } from 'node:path';
import { MalformedJuteError } from '../../jute/malformed-jute-error.ts';
import type { TreeImage } from '../../txn/tree-image.ts';
import { undefinedIfMissing } from './file-io.ts';
import { zxidFiles } from './file-names.ts';
import type { FileSystem } from './file-system.ts';
import { FileWindow } from './file-window.ts';
import { INITIAL_IMAGE } from './initial-image.ts';
import { DamagedDataDirError } from './persistence-errors.ts';
import { readSnapshot } from './snapshot-reader.ts';

export type LoadedSnapshot = {
  readonly image: TreeImage;
  /** Newer snapshots, which are not whole: what they had must come from the log. */
  readonly damaged: readonly DamagedSnapshot[];
  /** Whether there is neither a snapshot nor a log: the directory is new. */
  readonly isNew: boolean;
};

type DamagedSnapshot = { readonly path: string; readonly zxid: number; readonly cause: MalformedJuteError };

/**
 * Loads the newest snapshot that is whole. Changes nothing.
 *
 * @throws DamagedDataDirError where there is a log, or a snapshot of some transaction, and no whole snapshot; and for a
 *   compressed one
 */
export async function loadNewestSnapshot(
  fs: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<LoadedSnapshot> {
  refuseCompressed(directory, names);
  const damaged: DamagedSnapshot[] = [];
  for (const { name, zxid } of zxidFiles('snapshot', names).reverse()) {
    const path = join(directory, name);
    const file = await fs.open(path, 'read').catch(undefinedIfMissing);
    if (file === undefined) continue;
    try {
      return { image: await readSnapshot(await FileWindow.over(file), zxid), damaged, isNew: false };
    } catch (cause) {
      if (!(cause instanceof MalformedJuteError)) throw cause;
      damaged.push({ path, zxid, cause });
    } finally {
      await file.close();
    }
  }
  const oldestLog = zxidFiles('log', names)[0];
  if (oldestLog !== undefined) {
    throw new DamagedDataDirError(join(directory, oldestLog.name), undefined, 'there is no whole snapshot before it');
  }
  return { image: INITIAL_IMAGE, damaged, isNew: true };
}

/**
 * Sees to it that the log has led past every snapshot that is not whole.
 *
 * @throws DamagedDataDirError where it has not: the snapshot had what is nowhere else
 */
export function checkReplaced(damaged: readonly DamagedSnapshot[], lastZxid: number): void {
  for (const { path, zxid, cause } of damaged) {
    if (zxid <= lastZxid) continue;
    const problem = `${cause.message}, and the log ends at 0x${lastZxid.toString(16)}`;
    throw new DamagedDataDirError(path, cause.position, problem, { cause });
  }
}

function refuseCompressed(directory: string, names: readonly string[]): void {
  const compressed = names.find((name) => /^snapshot\.[0-9a-f]+\.(gz|snappy)$/i.test(name));
  if (compressed === undefined) return;
  const problem = 'it is compressed; have ZooKeeper write one with snapshot.compression.method unset, and remove this';
  throw new DamagedDataDirError(join(directory, compressed), undefined, problem);
}
