import { OPEN_ACL } from '../../operation/acl.ts';
import { parentPath } from '../../operation/path.ts';
import type { SetWatchesRequest } from '../../operation/request.ts';
import type { AddWatchMode, WatcherType } from '../../operation/watch.ts';
import type { ChangeAcls, TreeChange } from './applied.ts';
import type { DataTree } from './data-tree.ts';
import { type Watcher, type WatchMode, type WatchSummary, WatchTable } from './watch-table.ts';

const MODES = { persistent: 'persistent', persistentRecursive: 'recursive' } as const satisfies Record<
  AddWatchMode,
  WatchMode
>;

/**
 * Who watches what: data and existence in one table, children in another, persistent watches in both. Watches belong to
 * a connection and go with it.
 */
export class Watches {
  readonly #data = new WatchTable();
  readonly #children = new WatchTable();

  get count(): number {
    return this.#data.size + this.#children.size;
  }

  get dataSummary(): WatchSummary {
    return this.#data.summary;
  }

  get isAnyRecursive(): boolean {
    return this.#data.hasRecursive || this.#children.hasRecursive;
  }

  /** What the watches of one watcher take, roughly. */
  sizeBytesOf(watcher: Watcher): number {
    return this.#data.sizeBytesOf(watcher) + this.#children.sizeBytesOf(watcher);
  }

  watchData(path: string, watcher: Watcher): void {
    this.#data.add(path, watcher);
  }

  watchChildren(path: string, watcher: Watcher): void {
    this.#children.add(path, watcher);
  }

  watchAlways(path: string, watcher: Watcher, mode: AddWatchMode): void {
    this.#data.add(path, watcher, MODES[mode]);
    this.#children.add(path, watcher, MODES[mode]);
  }

  /** Whether there is a watch of that type, be it another connection's. */
  has(path: string, type: WatcherType): boolean {
    return this.#tables(type).some((table) => table.isWatched(path));
  }

  /** Whether there was one to remove. */
  remove(path: string, type: WatcherType, watcher: Watcher): boolean {
    let isRemoved = false;
    for (const table of this.#tables(type)) isRemoved = table.remove(path, watcher) || isRemoved;
    return isRemoved;
  }

  removeAll(watcher: Watcher): void {
    this.#data.removeAll(watcher);
    this.#children.removeAll(watcher);
  }

  /**
   * Tells those who watch of a change of the tree, if they may read what it is about. Who hears of a deletion as one of
   * data hears of it once.
   */
  trigger(change: TreeChange, path: string, { own, parent }: ChangeAcls): void {
    switch (change) {
      case 'created':
        this.#data.trigger(path, 'nodeCreated', own);
        this.#children.trigger(parentPath(path), 'nodeChildrenChanged', parent);
        break;
      case 'deleted': {
        const told = this.#data.trigger(path, 'nodeDeleted', own);
        this.#children.trigger(path, 'nodeDeleted', own, told);
        this.#children.trigger(parentPath(path), 'nodeChildrenChanged', parent);
        break;
      }
      case 'dataChanged':
        this.#data.trigger(path, 'nodeDataChanged', own);
        break;
    }
  }

  /**
   * Watches again for a client that was connected before, and tells it at once of what it missed since `relativeZxid`: in
   * place of the watch, and whether it may read what it asked for or not.
   */
  restore(request: SetWatchesRequest, tree: DataTree, watcher: Watcher): void {
    const since = request.relativeZxid;
    for (const path of request.dataWatches) {
      const node = tree.find(path);
      if (node === undefined) watcher.notify('nodeDeleted', path, OPEN_ACL);
      else if (node.record.mzxid > since) watcher.notify('nodeDataChanged', path, OPEN_ACL);
      else this.#data.add(path, watcher);
    }
    for (const path of request.existWatches) {
      if (tree.find(path) === undefined) this.#data.add(path, watcher);
      else watcher.notify('nodeCreated', path, OPEN_ACL);
    }
    for (const path of request.childWatches) {
      const node = tree.find(path);
      if (node === undefined) watcher.notify('nodeDeleted', path, OPEN_ACL);
      else if (node.record.pzxid > since) watcher.notify('nodeChildrenChanged', path, OPEN_ACL);
      else this.#children.add(path, watcher);
    }
    for (const path of request.persistentWatches) this.watchAlways(path, watcher, 'persistent');
    for (const path of request.persistentRecursiveWatches) this.watchAlways(path, watcher, 'persistentRecursive');
  }

  #tables(type: WatcherType): readonly WatchTable[] {
    if (type === 'data') return [this.#data];
    return type === 'children' ? [this.#children] : [this.#data, this.#children];
  }
}
