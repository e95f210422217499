import type { DirectoryEntry, FileHandle, FileLock, FileStat, FileSystem, FileSystemSpace } from '@barnabas/storage';
import { systemError } from '@barnabas/storage';
import { type Entry, type Inode, pathParts, SimulatedDirectory } from './name-space.ts';
import { type Operation, type OperationOwner, ProcessDiedError } from './operation-queue.ts';
import type { HeldLock, SimulatedDisk } from './simulated-disk.ts';
import type { OperationName } from './simulated-faults.ts';
import { SimulatedFile } from './simulated-file.ts';
import { SimulatedFileHandle } from './simulated-file-handle.ts';

const TOTAL_BYTES = 2 ** 40;

/**
 * A `SimulatedDisk` as one process sees it. It dies with the process: by `kill`, or by a crash of the disk. Errors are
 * those of Linux, save that a directory cannot be opened at all.
 */
export class SimulatedFileSystem implements FileSystem, OperationOwner {
  readonly disk: SimulatedDisk;
  readonly #loop: OperationOwner;
  #isAlive = true;

  /** @internal use `SimulatedDisk.newProcess` */
  constructor(disk: SimulatedDisk, loop: OperationOwner = { run: (task) => task() }) {
    this.disk = disk;
    this.#loop = loop;
  }

  /** @internal for the disk */
  run(task: () => void): void {
    this.#loop.run(task);
  }

  /** The process dies, as by SIGKILL: its locks end, and what it had written to the page cache stays. */
  kill(): void {
    this.#isAlive = false;
    this.disk.queue.interrupt(this);
    for (const [file, { owner }] of this.disk.locks) {
      if (owner === this) this.disk.locks.delete(file);
    }
  }

  open(path: string, mode: 'read' | 'write'): Promise<FileHandle> {
    return this.#run('open', path, () => {
      const file = mode === 'write' ? this.#fileToWrite(path) : this.#file(path);
      return new SimulatedFileHandle(this, file, path, mode === 'write');
    });
  }

  readFile(path: string): Promise<Buffer> {
    return this.#run('read', path, () => {
      const content = this.#file(path).content();
      this.disk.counters.reads++;
      this.disk.counters.bytesRead += content.length;
      return content;
    });
  }

  list(path: string): Promise<DirectoryEntry[]> {
    return this.#run('list', path, () => {
      const { names } = this.disk.names.existingDirectory(path, 'scandir');
      return [...names].map(([name, { isDirectory }]) => ({ name, isDirectory }));
    });
  }

  stat(path: string): Promise<FileStat> {
    return this.#run('stat', path, () => {
      const { sizeBytes, modifiedMs, isDirectory } = this.disk.names.existing(path, 'stat');
      return { sizeBytes, modifiedMs, isDirectory };
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#run('rename', from, () => {
      const source = this.disk.names.find(from, 'rename');
      const target = this.disk.names.find(to, 'rename');
      if (source.inode === undefined) throw systemError('ENOENT', 'rename', from);
      if (source.inode === target.inode) return;
      this.#checkReplace(from, source, to, target);
      this.disk.names.change('rename', { ...source, inode: undefined }, { ...target, inode: source.inode });
    });
  }

  removeFile(path: string): Promise<void> {
    return this.#run('remove', path, () => {
      this.#file(path, 'unlink');
      this.#remove(this.disk.names.find(path, 'unlink'));
    });
  }

  /** Goes entry by entry; a process that dies has removed the first few. */
  removeDirectory(path: string): Promise<void> {
    const removeUpTo = (limit: number) => {
      const found = this.disk.names.findIfParentExists(path, 'rmdir');
      if (found?.inode === undefined) return;
      if (!found.inode.isDirectory) throw systemError('ENOTDIR', 'rmdir', path);
      for (const entry of entriesWithin(found).slice(0, limit)) this.#remove(entry);
    };
    return this.#run(
      'remove',
      path,
      () => removeUpTo(Number.POSITIVE_INFINITY),
      () => removeUpTo(this.disk.random.below(10)),
    );
  }

  makeDirectory(path: string): Promise<void> {
    return this.#run('makeDirectory', path, () => {
      const parts = pathParts(path);
      for (let depth = 1; depth <= parts.length; depth++) {
        const entry = this.disk.names.find(parts.slice(0, depth).join('/'), 'mkdir');
        if (entry.inode === undefined) this.disk.names.change('create', { ...entry, inode: new SimulatedDirectory() });
        else if (!entry.inode.isDirectory) {
          throw systemError(depth === parts.length ? 'EEXIST' : 'ENOTDIR', 'mkdir', path);
        }
      }
    });
  }

  syncDirectory(path: string): Promise<void> {
    const { version } = this.disk.names;
    return this.#run('syncDirectory', path, () => {
      const directory = this.disk.names.existingDirectory(path, 'open');
      this.disk.counters.directorySyncs++;
      if (!this.disk.faults.lieAboutSync) this.disk.names.flush(directory, version);
    });
  }

  /** Half of it is taken, whatever is on the disk. */
  space(path: string): Promise<FileSystemSpace> {
    return this.#run('stat', path, () => {
      this.disk.names.existing(path, 'statfs');
      return { totalBytes: TOTAL_BYTES, usableBytes: TOTAL_BYTES / 2 };
    });
  }

  lock(path: string): Promise<FileLock | undefined> {
    return this.#run('lock', path, () => {
      const file = this.#fileToWrite(path);
      if (this.disk.locks.has(file)) return undefined;
      const held = { owner: this };
      this.disk.locks.set(file, held);
      return { release: () => this.#run('close', path, () => this.#unlock(file, held)) };
    });
  }

  /** @internal for this process's files */
  submit<T>(operation: Operation<T>): Promise<T> {
    if (this.#isAlive) return this.disk.queue.submit(this, operation);
    return new Promise((_, reject) => this.run(() => reject(new ProcessDiedError())));
  }

  #run<T>(name: OperationName, path: string, effect: () => T, runInPart: () => void = effect): Promise<T> {
    const run = () => {
      const failure = this.disk.faults.takeFailure(name, path);
      if (failure !== undefined) throw systemError(failure, name, path);
      return effect();
    };
    return this.submit({ name, path, run, runInPart });
  }

  #file(path: string, syscall = 'open'): SimulatedFile {
    const inode = this.disk.names.existing(path, syscall);
    if (inode.isDirectory) throw systemError('EISDIR', syscall, path);
    return inode;
  }

  #fileToWrite(path: string): SimulatedFile {
    const entry = this.disk.names.find(path, 'open');
    if (entry.inode !== undefined) return this.#file(path);
    const file = new SimulatedFile();
    file.modifiedMs = this.disk.nowMs();
    this.disk.names.change('create', { ...entry, inode: file });
    return file;
  }

  #remove(entry: Entry): void {
    this.disk.names.change('remove', { ...entry, inode: undefined });
  }

  #unlock(file: SimulatedFile, held: HeldLock): void {
    if (this.disk.locks.get(file) !== held) throw systemError('EBADF', 'close');
    this.disk.locks.delete(file);
  }

  /** In the order in which Linux finds what stands against it. */
  #checkReplace(from: string, source: Entry, to: string, target: Entry): void {
    if (this.#isWithin(source.inode, to)) throw systemError('EINVAL', 'rename', from);
    if (target.inode === undefined) return;
    if (this.#isWithin(target.inode, from)) throw systemError('ENOTEMPTY', 'rename', to);
    if (!target.inode.isDirectory) {
      if (source.inode?.isDirectory) throw systemError('ENOTDIR', 'rename', to);
      return;
    }
    if (!source.inode?.isDirectory) throw systemError('EISDIR', 'rename', to);
    if (target.inode.names.size > 0) throw systemError('ENOTEMPTY', 'rename', to);
  }

  /** Whether the path leads through that directory. */
  #isWithin(directory: Inode | undefined, path: string): boolean {
    let at: Inode | undefined = this.disk.names.root;
    for (const part of pathParts(path)) {
      at = at?.isDirectory ? at.names.get(part) : undefined;
      if (at !== undefined && at === directory) return at.isDirectory;
    }
    return false;
  }
}

/** What is in a directory and the directory itself, in the order in which they can be removed. */
function entriesWithin(entry: Entry): Entry[] {
  const directory = entry.inode;
  if (!directory?.isDirectory) return [entry];
  const inside = [...directory.names].flatMap(([name, inode]) => entriesWithin({ directory, name, inode }));
  return [...inside, entry];
}
