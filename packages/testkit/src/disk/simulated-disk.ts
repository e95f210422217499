import type { Clock, Random } from '@barnabas/model';
import { systemError } from '@barnabas/storage';
import { noLosses } from './losses.ts';
import { NameSpace, pathParts, SimulatedDirectory } from './name-space.ts';
import { type LaterTurn, type OperationOwner, OperationQueue } from './operation-queue.ts';
import { type OperationName, SimulatedFaults } from './simulated-faults.ts';
import { SimulatedFile } from './simulated-file.ts';
import { SimulatedFileSystem } from './simulated-file-system.ts';

/** What programs have done to a simulated disk. */
export type DiskCounters = {
  reads: number;
  writes: number;
  /** Those that completed, failed ones and lies included. */
  syncs: number;
  directorySyncs: number;
  bytesRead: number;
  bytesWritten: number;
};

export type SimulatedDiskOptions = {
  /** When the next operation is done; without it in the next turn of the event loop, so that it takes no simulated time. */
  readonly later?: LaterTurn;
  /** Is told of each operation that was done, or failed. */
  readonly onDone?: (operation: { readonly name: OperationName; readonly path: string }) => void;
};

/** One taking of a lock by one process. */
export type HeldLock = { readonly owner: SimulatedFileSystem };

/**
 * A disk in memory, for the file-system port: the same seed gives the same run. It outlives the processes that use it:
 * `newProcess` gives the file system of one, `crash` ends them all, and a new one finds what the disk kept.
 *
 * Fault model
 *
 * 1. Operations under way at the same time take effect in any order, each at one moment between call and end.
 * 2. A write reaches the page cache, which all processes see. A `sync` that has completed brought to the disk what was
 *    written before it was called; what is written while it runs is not part of it.
 * 3. The kernel may carry any unflushed page (4 KiB) to the disk at any time, in any order.
 * 4. `crash`, the power fails: of each file, every unflushed page is kept, lost, or torn, with some of its sectors (512
 *    bytes) new and the others old, independently of the rest and also where a sync was under way. The size is any that
 *    the file has had since the last flush: pages it has grown over that are lost read as zeros, and a truncation may
 *    not have happened. Of the names made, moved and removed in a directory since its last `syncDirectory`, the first
 *    few are kept; a file without a durable name is gone. A move between directories happens in both or in neither.
 * 5. `SimulatedFileSystem.kill`, the process dies: the page cache stays, so nothing that was written is lost.
 * 6. In both, an operation under way is done, done in part (a prefix of the bytes) or not at all, and rejects with
 *    `ProcessDiedError`, as does whatever the dead process tries afterwards: its code may go on and does no harm.
 * 7. What a test asks for: see `SimulatedFaults`, and `corrupt`.
 *
 * Not modelled: sectors torn in themselves, writes to the wrong place, hard and symbolic links, permissions.
 */
export class SimulatedDisk {
  readonly faults = new SimulatedFaults();
  readonly counters: DiskCounters = {
    reads: 0,
    writes: 0,
    syncs: 0,
    directorySyncs: 0,
    bytesRead: 0,
    bytesWritten: 0,
  };
  /** All that crashes have done so far. */
  readonly losses = noLosses();
  /** @internal for the file systems of this disk */
  readonly names = new NameSpace();
  /** @internal */
  readonly locks = new Map<SimulatedFile, HeldLock>();
  /** @internal */
  readonly queue: OperationQueue;
  /** @internal */
  readonly random: Random;
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #processes = new Set<SimulatedFileSystem>();

  /** @param clock gives the files' times of change; without it they stay at 0 */
  constructor(random: Random, clock: Pick<Clock, 'nowMs'> = { nowMs: () => 0 }, options: SimulatedDiskOptions = {}) {
    this.random = random;
    this.#clock = clock;
    this.queue = new OperationQueue(random, this.faults, options.later, options.onDone);
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  /**
   * The file system as one more process sees it.
   *
   * @param loop of the process, which hears of the end of its operations as soon as it runs: not while it stands still, and not when it is dead
   */
  newProcess(loop?: OperationOwner): SimulatedFileSystem {
    const process = new SimulatedFileSystem(this, loop);
    this.#processes.add(process);
    return process;
  }

  /** The power fails: every process dies, and what was not flushed may be lost. */
  crash(): void {
    for (const process of this.#processes) process.kill();
    this.#processes.clear();
    this.names.crash(this.random, this.losses);
    for (const { inode } of this.names.entries()) {
      if (!inode.isDirectory) inode.crash(this.random, this.losses);
    }
  }

  /** Resolves when no operation is under way, but for stalled ones. */
  settled(): Promise<void> {
    return this.queue.settled();
  }

  /** A file that has been on the disk for ever, in directories that have too. Replaces the content of one that exists. */
  plantFile(path: string, content: Uint8Array): void {
    const inode = this.names.plant(path, () => new SimulatedFile());
    if (inode.isDirectory) throw systemError('EISDIR', 'open', path);
    inode.modifiedMs = this.nowMs();
    inode.becomeDurable(Buffer.from(content));
  }

  plantDirectory(path: string): void {
    this.names.plant(path, () => new SimulatedDirectory());
  }

  /** Flips bit 0 to 7 of a byte, in the page cache and on the disk. */
  corrupt(path: string, position: number, bit: number): void {
    const inode = this.names.existing(path, 'corrupt');
    if (inode.isDirectory) throw systemError('EISDIR', 'corrupt', path);
    inode.flipBit(position, bit);
  }

  /** The paths of all files that processes see, sorted. */
  listing(): string[] {
    return filePaths(this.names.entries());
  }

  /** The paths of all files whose names the disk holds, sorted. */
  durableListing(): string[] {
    return filePaths(this.names.durableEntries());
  }

  /** What processes see of a file; undefined if there is none. */
  readCached(path: string): Buffer | undefined {
    const absolute = `/${pathParts(path).join('/')}`;
    for (const { path: found, inode } of this.names.entries()) {
      if (found === absolute && !inode.isDirectory) return inode.content();
    }
    return undefined;
  }

  /** What the disk holds of a file now; undefined if it does not hold its name. */
  readDurable(path: string): Buffer | undefined {
    const absolute = `/${pathParts(path).join('/')}`;
    for (const { path: found, inode } of this.names.durableEntries()) {
      if (found === absolute && !inode.isDirectory) return inode.durableContent();
    }
    return undefined;
  }
}

function filePaths(entries: Iterable<{ path: string; inode: { isDirectory: boolean } }>): string[] {
  return [...entries]
    .filter(({ inode }) => !inode.isDirectory)
    .map(({ path }) => path)
    .sort();
}
