import { dirname } from 'node:path';
import type { FileSystem } from '../fs/file-system.ts';
import { writeFully } from '../fs/write-fully.ts';

/**
 * Replaces a file, or makes it, so that a crash at any moment leaves the old content or the new one, whole; when the
 * promise has resolved, the new one. The bytes are on the disk before they get the name, and the name is before anyone
 * relies on it. Goes through `<path>.tmp`, so that calls for one path must not overlap.
 *
 * Rejects with the system's error; the old content is then still there, or already the new.
 */
export async function replaceFile(fs: FileSystem, path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await fs.open(temporary, 'write');
  try {
    // An interrupted call may have left a longer one.
    await file.truncate(0);
    await writeFully(file, [bytes], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(temporary, path);
  await fs.syncDirectory(dirname(path));
}
