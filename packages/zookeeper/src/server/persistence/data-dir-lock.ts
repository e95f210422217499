import { join } from 'node:path';
import { readFileIfThere, writeFully } from './file-io.ts';
import type { FileLock, FileSystem } from './file-system.ts';
import { DataDirLockedError } from './persistence-errors.ts';

const NAME = 'lock';

/**
 * Locks a data directory for this process. The system holds the lock, on `<dataDir>/lock`, and lets go of it when the
 * process ends, however it does: a dead one never keeps the directory. The file stays, and says who had it last.
 *
 * @throws DataDirLockedError if another has it, this process included
 */
export async function lockDataDir(fs: FileSystem, dataDir: string): Promise<FileLock> {
  const path = join(dataDir, NAME);
  const lock = await fs.lock(path);
  if (lock === undefined) throw new DataDirLockedError(dataDir, await holderOf(fs, path));
  try {
    await writePid(fs, path);
    return lock;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function writePid(fs: FileSystem, path: string): Promise<void> {
  const file = await fs.open(path, 'write');
  try {
    await file.truncate(0);
    await writeFully(file, [Buffer.from(`${process.pid}\n`)], 0);
  } finally {
    await file.close();
  }
}

async function holderOf(fs: FileSystem, path: string): Promise<number | undefined> {
  const text = (await readFileIfThere(fs, path))?.toString('latin1') ?? '';
  return /^\d+\n$/.test(text) ? Number(text) : undefined;
}
