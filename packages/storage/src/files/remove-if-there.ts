import type { FileSystem } from '../fs/file-system.ts';
import { systemCodeOf } from '../storage-errors.ts';

/** Removes a file; answers whether it was there. Rejects with the system's error in any other case. */
export const removeIfThere = async (fs: FileSystem, path: string): Promise<boolean> => {
  try {
    await fs.removeFile(path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
};
