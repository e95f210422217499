import type { Acl } from '../../operation/acl.ts';
import { parentPath } from '../../operation/path.ts';
import type { WatchEventType } from '../../operation/watch.ts';

/** Who watches; told once per event and path. */
export interface Watcher {
  /** @param acl who it does not let read hears nothing, and the event is over for it all the same */
  notify(type: WatchEventType, path: string, acl: readonly Acl[]): void;
}

/** `once`: gone when it fires. The others stay; `recursive` also hears of all that is below. */
export type WatchMode = 'once' | 'persistent' | 'recursive';

/** How many there are: watchers that have ever had a watch, paths, pairs of both. */
export type WatchSummary = { readonly connections: number; readonly paths: number; readonly total: number };

/** What a watch takes beside its path, roughly. */
const WATCH_BYTES = 100;

/** The paths that one watcher watches, and what they take. */
type Watched = { readonly paths: Set<string>; sizeBytes: number };

/**
 * Watches of one kind, by path and by watcher. A watcher has one watch on a path: a later one replaces it, so that a
 * one-shot watch ends a persistent one, as in ZooKeeper 3.8 (WatchManager).
 */
export class WatchTable {
  readonly #byPath = new Map<string, Map<Watcher, WatchMode>>();
  readonly #byWatcher = new Map<Watcher, Watched>();
  #recursiveCount = 0;
  #total = 0;

  get summary(): WatchSummary {
    return { connections: this.#byWatcher.size, paths: this.#byPath.size, total: this.#total };
  }

  get size(): number {
    return this.#total;
  }

  get hasRecursive(): boolean {
    return this.#recursiveCount > 0;
  }

  /** What the watches of one watcher take, roughly. */
  sizeBytesOf(watcher: Watcher): number {
    return this.#byWatcher.get(watcher)?.sizeBytes ?? 0;
  }

  add(path: string, watcher: Watcher, mode: WatchMode = 'once'): void {
    let watchers = this.#byPath.get(path);
    if (watchers === undefined) {
      watchers = new Map();
      this.#byPath.set(path, watchers);
    }
    const before = watchers.get(watcher);
    if (before === undefined) this.#remember(path, watcher);
    if (before === 'recursive') this.#recursiveCount--;
    if (mode === 'recursive') this.#recursiveCount++;
    watchers.set(watcher, mode);
  }

  /** Whether anyone watches `path`, which is what ZooKeeper tells each of its clients when it asks for its own. */
  isWatched(path: string): boolean {
    return this.#byPath.has(path);
  }

  /** Whether there was one. */
  remove(path: string, watcher: Watcher): boolean {
    const watched = this.#byWatcher.get(watcher);
    if (watched === undefined || !watched.paths.delete(path)) return false;
    watched.sizeBytes -= sizeBytesOf(path);
    this.#forget(path, watcher);
    return true;
  }

  removeAll(watcher: Watcher): void {
    for (const path of this.#byWatcher.get(watcher)?.paths ?? []) this.#forget(path, watcher);
    this.#byWatcher.delete(watcher);
  }

  /**
   * Tells all who watch `path`, save those in `told`, and takes away the one-shot watches, theirs too.
   *
   * @returns who watched, told now or before
   */
  trigger(
    path: string,
    type: WatchEventType,
    acl: readonly Acl[],
    told?: ReadonlySet<Watcher>,
  ): ReadonlySet<Watcher> | undefined {
    if (this.#recursiveCount === 0 && !this.#byPath.has(path)) return undefined;
    const watchers = new Set<Watcher>();
    this.#takeWatchersOf(path, watchers, type);
    if (this.#recursiveCount > 0 && type !== 'nodeChildrenChanged') this.#addRecursiveAbove(path, watchers);
    for (const watcher of watchers) if (told?.has(watcher) !== true) watcher.notify(type, path, acl);
    return watchers;
  }

  #takeWatchersOf(path: string, into: Set<Watcher>, type: WatchEventType): void {
    for (const [watcher, mode] of this.#byPath.get(path) ?? []) {
      // A recursive watch hears of the child itself instead.
      if (mode === 'recursive' && type === 'nodeChildrenChanged') continue;
      into.add(watcher);
      if (mode === 'once') this.remove(path, watcher);
    }
  }

  #addRecursiveAbove(path: string, into: Set<Watcher>): void {
    for (let below = path; below !== '/'; ) {
      below = parentPath(below);
      for (const [watcher, mode] of this.#byPath.get(below) ?? []) if (mode === 'recursive') into.add(watcher);
    }
  }

  #forget(path: string, watcher: Watcher): void {
    const watchers = this.#byPath.get(path);
    if (watchers === undefined) return;
    if (watchers.get(watcher) === 'recursive') this.#recursiveCount--;
    if (watchers.delete(watcher)) this.#total--;
    if (watchers.size === 0) this.#byPath.delete(path);
  }

  #remember(path: string, watcher: Watcher): void {
    let watched = this.#byWatcher.get(watcher);
    if (watched === undefined) {
      watched = { paths: new Set(), sizeBytes: 0 };
      this.#byWatcher.set(watcher, watched);
    }
    watched.paths.add(path);
    watched.sizeBytes += sizeBytesOf(path);
    this.#total++;
  }
}

function sizeBytesOf(path: string): number {
  return path.length + WATCH_BYTES;
}
