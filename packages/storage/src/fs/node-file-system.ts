import * as fs from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { systemCodeOf } from '../storage-errors.ts';
import type { DirectoryEntry, FileLock, FileStat, FileSystem, FileSystemSpace } from './file-system.ts';
import { NodeFileHandle } from './node-file-handle.ts';
import { systemError } from './system-error.ts';

const { O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR } = fs.constants;

/**
 * The file system of the machine. Reading, writing and flushing go through raw descriptors and the callback calls of
 * `node:fs`, the shortest way there is to the thread pool.
 */
export const nodeFileSystem: FileSystem = {
  async open(path, mode) {
    return new NodeFileHandle(await openDescriptor(path, mode === 'read' ? O_RDONLY : O_RDWR | O_CREAT));
  },

  readFile(path) {
    return readFile(path);
  },

  async list(path): Promise<DirectoryEntry[]> {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
  },

  async stat(path): Promise<FileStat> {
    const stats = await stat(path);
    return { sizeBytes: stats.size, modifiedMs: Math.floor(stats.mtimeMs), isDirectory: stats.isDirectory() };
  },

  rename(from, to) {
    return rename(from, to);
  },

  removeFile(path) {
    return unlink(path);
  },

  /** `rm` alone would remove a file as well. */
  async removeDirectory(path) {
    const found = await stat(path).catch(undefinedIfMissing);
    if (found === undefined) return;
    if (!found.isDirectory()) throw systemError('ENOTDIR', 'rmdir', path);
    await rm(path, { recursive: true, force: true });
  },

  makeDirectory: makeWithParents,

  async syncDirectory(path) {
    const fd = await openDescriptor(path, O_RDONLY | O_DIRECTORY);
    try {
      await new Promise<void>((resolve, reject) => {
        fs.fsync(fd, (error) => (error ? reject(error) : resolve()));
      });
    } finally {
      await closeDescriptor(fd);
    }
  },

  async space(path): Promise<FileSystemSpace> {
    const { bsize, blocks, bavail } = await statfs(path);
    return { totalBytes: bsize * blocks, usableBytes: bsize * bavail };
  },

  /** An open file description lock, which a second opening by this very process conflicts with, as does the JVM's. */
  async lock(path): Promise<FileLock | undefined> {
    const fd = await openDescriptor(path, O_RDWR | O_CREAT);
    let locked = false;
    try {
      locked = tryLock(fd);
    } finally {
      if (!locked) await closeDescriptor(fd);
    }
    if (!locked) return undefined;
    const handle = new NodeFileHandle(fd);
    return { release: () => handle.close() };
  },
};

function openDescriptor(path: string, flags: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.open(path, flags, 0o644, (error, fd) => (error ? reject(error) : resolve(fd)));
  });
}

function closeDescriptor(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.close(fd, (error) => (error ? reject(error) : resolve()));
  });
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

/**
 * One by one: Node's own recursion never ends where the system has no place for a directory and says ENOENT, as in /proc.
 */
async function makeWithParents(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isDirectory(path)) return;
    const parent = dirname(path);
    if (systemCodeOf(error) !== 'ENOENT' || (await isDirectory(parent))) throw error;
    await makeWithParents(parent);
    await makeWithParents(path);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
