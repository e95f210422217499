/**
 * `.unclean` in a log directory, empty: what is here may lack what was acknowledged, and the controller has yet to hear of it, or
 * it is not known yet. It is written before the logs are opened, so that nothing that is found, cut or made anew then is
 * forgotten in a crash, and goes when nothing was found amiss, or the controller has dealt with it. Kafka passes over it.
 */
import { join } from 'node:path';
import { type FileSystem, LogDirLockedError } from '@barnabas/storage';

const NAME = '.unclean';
/** That of a log directory: another process that runs on it must not be told that its start was an unclean one. */
const LOCK = '.lock';

/**
 * Writes it into each directory. True where one of them had it. Directories that cannot be used are passed over.
 *
 * Rejects with LogDirLockedError where another process uses one.
 */
export async function raiseDoubt(fs: FileSystem, dirs: readonly string[]): Promise<boolean> {
  let wasThere = false;
  for (const dir of dirs) {
    const raised = await raiseLocked(fs, dir).catch((error: unknown) => {
      if (error instanceof LogDirLockedError) throw error;
      return false;
    });
    wasThere ||= raised;
  }
  return wasThere;
}

/** Takes it away everywhere. Rejects with the system's error; then it is still there. */
export async function dispelDoubt(fs: FileSystem, dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    await fs.removeFile(join(dir, NAME)).catch(unlessMissing);
    await fs.syncDirectory(dir);
  }
}

async function raiseLocked(fs: FileSystem, dir: string): Promise<boolean> {
  await fs.makeDirectory(dir);
  const lock = await fs.lock(join(dir, LOCK));
  if (lock === undefined) throw new LogDirLockedError(dir);
  try {
    return await raise(fs, dir);
  } finally {
    await lock.release();
  }
}

async function raise(fs: FileSystem, dir: string): Promise<boolean> {
  const path = join(dir, NAME);
  const wasThere = await fs.stat(path).then(
    () => true,
    () => false,
  );
  const file = await fs.open(path, 'write');
  await file.close();
  await fs.syncDirectory(dir);
  return wasThere;
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
