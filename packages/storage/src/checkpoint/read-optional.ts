import type { FileSystem } from '../fs/file-system.ts';
import { systemCodeOf } from '../storage-errors.ts';

/** The whole file; undefined if there is none. Rejects with the system's error in any other case. */
export async function readOptional(fs: FileSystem, path: string): Promise<Buffer | undefined> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
