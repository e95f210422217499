/** File systems that each leave out one thing that safety rests on, as careless code above them would. */
import type { FileSystem } from '@barnabas/storage';
import { delegate, delegateHandle } from '../support/delegating-file-system.ts';

type Wrapper = (fs: FileSystem) => FileSystem;

export const withoutDirectorySync: Wrapper = (fs) => ({ ...delegate(fs), syncDirectory: async () => {} });

/** `isSynced` says of which files a sync is carried out. */
export const withSyncOf =
  (isSynced: (path: string) => boolean): Wrapper =>
  (fs) => ({
    ...delegate(fs),
    async open(path, mode) {
      const file = await fs.open(path, mode);
      return isSynced(path) ? file : { ...delegateHandle(file), sync: async () => {} };
    },
  });

/** A flush is said to be done when it has only begun. */
export const withEarlySync: Wrapper = (fs) => ({
  ...delegate(fs),
  async open(path, mode) {
    const file = await fs.open(path, mode);
    return { ...delegateHandle(file), sync: async () => void file.sync().catch(() => {}) };
  },
});

/** The file that should be removed is still there at the next start. */
export const withoutRemovalOf =
  (isKept: (path: string) => boolean): Wrapper =>
  (fs) => ({ ...delegate(fs), removeFile: async (path) => (isKept(path) ? undefined : fs.removeFile(path)) });
