/** File systems that each leave out one thing that safety rests on. */
import { type FileHandle, type FileSystem, systemError } from '@barnabas/storage';

type Wrapper = (fs: FileSystem) => FileSystem;

/** A flush of these files does nothing, and says that it has. */
export const withoutSync =
  (isMeant: (path: string) => boolean): Wrapper =>
  (fs) => ({
    ...delegate(fs),
    async open(path, mode) {
      const file = await fs.open(path, mode);
      return isMeant(path) ? { ...delegateHandle(file), sync: async () => {} } : file;
    },
  });

/** These files cannot be found when they are read. */
export const withoutFile =
  (isMeant: (path: string) => boolean): Wrapper =>
  (fs) => ({
    ...delegate(fs),
    readFile: (path) => (isMeant(path) ? Promise.reject(systemError('ENOENT', 'open', path)) : fs.readFile(path)),
  });

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
