import { join } from 'node:path';
import type { TreeImage } from '../../txn/tree-image.ts';
import { readFully, replaceFile } from './file-io.ts';
import { isTemporarySnapshot, temporarySnapshotName, zxidFileName, zxidFiles } from './file-names.ts';
import type { FileSystem } from './file-system.ts';
import { writeSnapshot } from './snapshot-writer.ts';

/** How a snapshot ends: the path '/'. */
const END = Buffer.from([0, 0, 0, 1, 0x2f]);

/**
 * Writes a snapshot under a name of its own, and gives it its right one when it is on the disk.
 *
 * @param untilDurable resolves when the log has all of it: a snapshot is never ahead of the log
 */
export async function saveSnapshotFile(
  fs: FileSystem,
  directory: string,
  image: TreeImage,
  untilDurable: () => Promise<void>,
): Promise<void> {
  const path = join(directory, zxidFileName('snapshot', image.lastZxid));
  const temporary = join(directory, temporarySnapshotName(image.lastZxid));
  try {
    await replaceFile(fs, { path, temporary }, (file) => writeSnapshot(file, image), untilDurable);
  } catch (error) {
    await fs.removeFile(temporary).catch(() => {});
    throw error;
  }
}

/** Removes what interrupted snapshots have left. */
export async function removeTemporarySnapshots(
  fs: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    if (isTemporarySnapshot(name)) await fs.removeFile(join(directory, name));
  }
}

/**
 * Removes snapshots but for the `keepCount` newest, and the log files that none of those needs, as ZooKeeper's
 * `PurgeTxnLog` does. A snapshot without an end is not counted, and stays. Answers the names of the removed files.
 */
export async function purgeFiles(fs: FileSystem, directory: string, keepCount: number): Promise<readonly string[]> {
  if (!Number.isSafeInteger(keepCount) || keepCount < 1) throw new RangeError(`${keepCount} snapshots cannot be kept`);
  const names = (await fs.list(directory)).map(({ name }) => name);
  const oldestKeptZxid = await zxidOfNthNewest(fs, directory, names, keepCount);
  if (oldestKeptZxid === undefined) return [];
  const logs = zxidFiles('log', names);
  // It may have transactions that are not in the snapshot, whatever its name.
  const firstNeededLog = logs.findLastIndex(({ zxid }) => zxid <= oldestKeptZxid);
  const removed = [
    ...zxidFiles('snapshot', names).filter(({ zxid }) => zxid < oldestKeptZxid),
    ...logs.slice(0, Math.max(0, firstNeededLog)),
  ].map(({ name }) => name);
  for (const name of removed) await fs.removeFile(join(directory, name));
  return removed;
}

async function zxidOfNthNewest(
  fs: FileSystem,
  directory: string,
  names: readonly string[],
  count: number,
): Promise<number | undefined> {
  let seen = 0;
  for (const { name, zxid } of zxidFiles('snapshot', names).reverse()) {
    if ((await hasEnd(fs, join(directory, name))) && ++seen === count) return zxid;
  }
  return undefined;
}

async function hasEnd(fs: FileSystem, path: string): Promise<boolean> {
  const file = await fs.open(path, 'read');
  try {
    const end = Buffer.alloc(END.length);
    await readFully(file, end, Math.max(0, (await file.sizeBytes()) - END.length));
    return end.equals(END);
  } finally {
    await file.close();
  }
}
