import { posix } from 'node:path';
import type { Random } from '@barnabas/model';
import { systemError } from '@barnabas/storage';
import { chance } from '../seeded-random.ts';
import type { CrashLosses } from './losses.ts';
import type { SimulatedFile } from './simulated-file.ts';

export class SimulatedDirectory {
  readonly isDirectory = true;
  readonly sizeBytes = 0;
  modifiedMs = 0;
  /** The names as processes see them. */
  names = new Map<string, Inode>();
  /** The names that the disk holds. */
  durableNames = new Map<string, Inode>();
}

export type Inode = SimulatedFile | SimulatedDirectory;

/** A name in a directory; `inode` is what it stands for, undefined if nothing. */
export type Entry = {
  readonly directory: SimulatedDirectory;
  readonly name: string;
  readonly inode: Inode | undefined;
};

type ChangeKind = 'create' | 'rename' | 'remove';
type Change = { readonly kind: ChangeKind; readonly entries: readonly Entry[]; readonly version: number };

/**
 * The names of a simulated disk and the changes to them that no `syncDirectory` has made durable yet, in their order.
 * Of those of one directory, a crash keeps the first few. A change of two directories (a move) is one: it is kept only
 * if all that came before it in both is, and making it durable makes that durable too.
 */
export class NameSpace {
  readonly root = new SimulatedDirectory();
  #unflushed: Change[] = [];
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Where a path leads. Throws ENOENT or ENOTDIR if its parent is not a directory. */
  find(path: string, syscall: string): Entry {
    const entry = this.findIfParentExists(path, syscall);
    if (entry === undefined) throw systemError('ENOENT', syscall, path);
    return entry;
  }

  /** Throws ENOTDIR if a part of the path other than the last is a file. */
  findIfParentExists(path: string, syscall: string): Entry | undefined {
    const parts = pathParts(path);
    const name = parts.pop();
    let directory = this.root;
    if (name === undefined) return { directory, name: '', inode: directory };
    for (const part of parts) {
      const inode = directory.names.get(part);
      if (inode === undefined) return undefined;
      if (!inode.isDirectory) throw systemError('ENOTDIR', syscall, path);
      directory = inode;
    }
    return { directory, name, inode: directory.names.get(name) };
  }

  /** Throws ENOENT if nothing is there. */
  existing(path: string, syscall: string): Inode {
    const { inode } = this.find(path, syscall);
    if (inode === undefined) throw systemError('ENOENT', syscall, path);
    return inode;
  }

  existingDirectory(path: string, syscall: string): SimulatedDirectory {
    const inode = this.existing(path, syscall);
    if (!inode.isDirectory) throw systemError('ENOTDIR', syscall, path);
    return inode;
  }

  change(kind: ChangeKind, ...entries: readonly Entry[]): void {
    this.#version++;
    this.#unflushed.push({ kind, entries, version: this.#version });
    for (const { directory, name, inode } of entries) setName(directory.names, name, inode);
  }

  /** Makes the changes of a directory durable, those up to the version. */
  flush(directory: SimulatedDirectory, upToVersion: number): void {
    const touched = new Set([directory]);
    const kept: Change[] = [];
    for (const change of this.#unflushed.toReversed()) {
      if (change.version <= upToVersion && change.entries.some((entry) => touched.has(entry.directory))) {
        for (const entry of change.entries) touched.add(entry.directory);
        kept.unshift(change);
      }
    }
    const isKept = new Set(kept);
    this.#unflushed = this.#unflushed.filter((change) => !isKept.has(change));
    for (const change of kept) makeDurable(change);
  }

  /** The power fails: names are what the disk holds, after some of the changes under way have reached it. */
  crash(random: Random, losses: CrashLosses): void {
    const keptChance = random.below(5) / 4;
    const ended = new Set<SimulatedDirectory>();
    for (const change of this.#unflushed) {
      const directories = change.entries.map((entry) => entry.directory);
      if (!directories.some((directory) => ended.has(directory)) && chance(random, keptChance)) {
        makeDurable(change);
        continue;
      }
      for (const directory of directories) ended.add(directory);
      if (change.kind === 'create') losses.createsUndone++;
      else if (change.kind === 'rename') losses.renamesUndone++;
      else losses.removalsUndone++;
    }
    this.#unflushed = [];
    for (const { inode } of this.#walk((directory) => directory.durableNames)) {
      if (inode.isDirectory) inode.names = new Map(inode.durableNames);
    }
    this.root.names = new Map(this.root.durableNames);
  }

  /** All that processes see, with its path, a directory before what is in it. */
  entries(): Iterable<{ path: string; inode: Inode }> {
    return this.#walk((directory) => directory.names);
  }

  durableEntries(): Iterable<{ path: string; inode: Inode }> {
    return this.#walk((directory) => directory.durableNames);
  }

  /** A path with its directories, made as if it had been there for ever; what is there is left. */
  plant(path: string, make: () => Inode): Inode {
    let inode: Inode = this.root;
    const parts = pathParts(path);
    for (const [index, part] of parts.entries()) {
      if (!inode.isDirectory) throw systemError('ENOTDIR', 'open', path);
      const found: Inode = inode.names.get(part) ?? (index === parts.length - 1 ? make() : new SimulatedDirectory());
      inode.names.set(part, found);
      inode.durableNames.set(part, found);
      inode = found;
    }
    return inode;
  }

  *#walk(
    namesOf: (directory: SimulatedDirectory) => Map<string, Inode>,
    directory = this.root,
    prefix = '',
  ): Generator<{ path: string; inode: Inode }> {
    for (const [name, inode] of namesOf(directory)) {
      const path = `${prefix}/${name}`;
      yield { path, inode };
      if (inode.isDirectory) yield* this.#walk(namesOf, inode, path);
    }
  }
}

/** Relative paths count from the root. */
export function pathParts(path: string): string[] {
  return posix
    .resolve('/', path)
    .split('/')
    .filter((part) => part !== '');
}

function makeDurable(change: Change): void {
  for (const { directory, name, inode } of change.entries) setName(directory.durableNames, name, inode);
}

function setName(names: Map<string, Inode>, name: string, inode: Inode | undefined): void {
  if (inode === undefined) names.delete(name);
  else names.set(name, inode);
}
