import type { WatchEventType } from '../operation/watch.ts';
import type { Watcher } from './session.ts';

/** What was watched: `data` with get and exists, for the server keeps them in one table; `children` with children. */
export type WatchKind = 'data' | 'children';

type WatchersByPath = Map<string, Set<Watcher>>;

const KINDS_FIRED: Readonly<Record<WatchEventType, readonly WatchKind[]>> = {
  nodeCreated: ['data'],
  nodeDataChanged: ['data'],
  nodeChildrenChanged: ['children'],
  nodeDeleted: ['data', 'children'],
};

/**
 * The one-shot watches of a session, by the kind of read and the path, as the server keeps them for a connection. Whoever is
 * taken out of it has to be told.
 */
export class WatchRegistry {
  readonly #tables: Readonly<Record<WatchKind, WatchersByPath>> = { data: new Map(), children: new Map() };

  /** The server has begun to watch `path`. The same function twice counts once. */
  arm(kind: WatchKind, path: string, watcher: Watcher): void {
    const watchers = this.#tables[kind].get(path);
    if (watchers === undefined) this.#tables[kind].set(path, new Set([watcher]));
    else watchers.add(watcher);
  }

  /** Takes out those whom an event of the server concerns. */
  take(type: WatchEventType, path: string): ReadonlySet<Watcher> {
    const taken = new Set<Watcher>();
    for (const kind of KINDS_FIRED[type]) {
      for (const watcher of this.#tables[kind].get(path) ?? []) taken.add(watcher);
      this.#tables[kind].delete(path);
    }
    return taken;
  }

  /** Takes out all: the server has forgotten them. */
  takeAll(): ReadonlyMap<string, ReadonlySet<Watcher>> {
    const taken: WatchersByPath = new Map(this.#tables.data);
    for (const [path, watchers] of this.#tables.children) {
      taken.set(path, new Set([...(taken.get(path) ?? []), ...watchers]));
    }
    this.clear();
    return taken;
  }

  clear(): void {
    this.#tables.data.clear();
    this.#tables.children.clear();
  }
}
