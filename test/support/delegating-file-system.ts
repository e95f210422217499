import type { FileHandle, FileSystem } from '@barnabas/storage';

/** Hands everything on, for tests that then take one thing back: the methods of a file system may not be enumerable. */
export const delegate = (fs: FileSystem): FileSystem => ({
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

export const delegateHandle = (file: FileHandle): FileHandle => ({
  read: (target, position) => file.read(target, position),
  write: (chunks, position) => file.write(chunks, position),
  truncate: (sizeBytes) => file.truncate(sizeBytes),
  sync: () => file.sync(),
  sizeBytes: () => file.sizeBytes(),
  close: () => file.close(),
});
