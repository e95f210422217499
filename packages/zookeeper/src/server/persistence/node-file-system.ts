import * as fs from 'node:fs';
import { mkdir, readdir, rename, unlink } from 'node:fs/promises';
import { tryLock } from 'fs-native-extensions';
import type { FileHandle, FileLock, FileSystem } from './file-system.ts';

type Done<T> = (error: Error | null, value: T) => void;

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

  async makeDirectory(path) {
    await mkdir(path, { recursive: true });
  },

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
    return call((done) => fs.read(this.#fd, target, 0, target.byteLength, position, done));
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

function openDescriptor(path: string, flags: number, permissions = 0o644): Promise<number> {
  return call((done) => fs.open(path, flags, permissions, done));
}

function call<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}
