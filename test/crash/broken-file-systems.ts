/** File systems that each leave out one thing that safety rests on, as careless code above them would. */
import type { FileHandle, FileSystem } from '@barnabas/storage';

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

const delegate = (fs: FileSystem): FileSystem => ({
  open: (path, mode) => fs.open(path, mode),
  readFile: (path) => fs.readFile(path),
  list: (path) => fs.list(path),
  stat: (path) => fs.stat(path),
  rename: (from, to) => fs.rename(from, to),
  removeFile: (path) => fs.removeFile(path),
  removeDirectory: (path) => fs.removeDirectory(path),
  makeDirectory: (path) => fs.makeDirectory(path),
  syncDirectory: (path) => fs.syncDirectory(path),
  space: (path) => fs.space(path),
  lock: (path) => fs.lock(path),
});

const delegateHandle = (file: FileHandle): FileHandle => ({
  read: (target, position) => file.read(target, position),
  write: (chunks, position) => file.write(chunks, position),
  truncate: (sizeBytes) => file.truncate(sizeBytes),
  sync: () => file.sync(),
  sizeBytes: () => file.sizeBytes(),
  close: () => file.close(),
});
