import * as fs from 'node:fs';
import { mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import type { FileHandle, FileLock, FileSystem } from './file-system.ts';

type Done<T> = (error: Error | null, value: T) => void;

/** Node takes a length of less than 2 GiB; a call this long takes the thread pool some tens of milliseconds. */
const READ_BYTES_MAX = 64 * 1024 ** 2;

const { O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR } = fs.constants;

/** The file system of the machine. Logs go through the callback calls of `node:fs`, the shortest way to the disk. */
export const nodeFileSystem: FileSystem = {
  async open(path, mode, permissions) {
    return new NodeFileHandle(await openDescriptor(path, mode === 'read' ? O_RDONLY : O_RDWR | O_CREAT, permissions));
  },

  async list(path) {
    const names = await readdir(path);
    return names.map((name) => ({ name }));
  },

  rename(from, to) {
    return rename(from, to);
  },

  removeFile(path) {
    return unlink(path);
  },

  makeDirectory,

  async syncDirectory(path) {
    const fd = await openDescriptor(path, O_RDONLY | O_DIRECTORY);
    try {
      await call<void>((done) => fs.fsync(fd, done));
    } finally {
      await call<void>((done) => fs.close(fd, done));
    }
  },

  /** A lock of this opening of the file, which a second one by this very process conflicts with. */
  async lock(path): Promise<FileLock | undefined> {
    const fd = await openDescriptor(path, O_RDWR | O_CREAT);
    const release = () => call<void>((done) => fs.close(fd, done));
    let isLocked = false;
    try {
      isLocked = tryLock(fd);
    } finally {
      if (!isLocked) await release();
    }
    return isLocked ? { release } : undefined;
  },
};

/** An open file, by its descriptor. Who closes it has no call in flight. */
class NodeFileHandle implements FileHandle {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(target: Uint8Array, position: number): Promise<number> {
    const lengthBytes = Math.min(target.byteLength, READ_BYTES_MAX);
    return call((done) => fs.read(this.#fd, target, 0, lengthBytes, position, done));
  }

  /** One call of the thread pool for any number of chunks: libuv splits them at the system's limit (IOV_MAX). */
  write(chunks: readonly Uint8Array[], position: number): Promise<number> {
    return call((done) => fs.writev(this.#fd, chunks, position, done));
  }

  truncate(sizeBytes: number): Promise<void> {
    return call((done) => fs.ftruncate(this.#fd, sizeBytes, done));
  }

  sync(): Promise<void> {
    return call((done) => fs.fdatasync(this.#fd, done));
  }

  async sizeBytes(): Promise<number> {
    const stats = await call<fs.Stats>((done) => fs.fstat(this.#fd, done));
    return stats.size;
  }

  close(): Promise<void> {
    return call((done) => fs.close(this.#fd, done));
  }
}

/** Node's own, with `recursive`, never ends where a parent is there and takes no directory, like /proc. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    await makeDirectory(parent);
    // Whoever has made it meanwhile has done the same.
    await mkdir(path).catch((again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again;
    });
  }
}

function openDescriptor(path: string, flags: number, permissions = 0o644): Promise<number> {
  return call((done) => fs.open(path, flags, permissions, done));
}

function call<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}
