import type { ErrorResult, Reply } from '../../operation/reply.ts';
import type { Request, SetWatchesRequest } from '../../operation/request.ts';
import type { WatcherType } from '../../operation/watch.ts';
import type { DataTree } from './data-tree.ts';
import { failedWith } from './failed-with.ts';
import type { Watcher } from './watch-table.ts';
import type { Watches } from './watches.ts';

/** A request that is about watches alone. */
export type WatchRequest =
  | Extract<Request, { readonly op: 'addWatch' | 'checkWatches' | 'removeWatches' }>
  | SetWatchesRequest;

/** Does what is asked for, and tells the watcher of what it has missed before the answer is returned. */
export function executeWatch(
  request: WatchRequest,
  watches: Watches,
  tree: DataTree,
  watcher: Watcher,
): Reply | ErrorResult {
  switch (request.op) {
    case 'addWatch':
      watches.watchAlways(request.path, watcher, request.mode);
      return { op: request.op };
    case 'checkWatches':
      return checkWatches(request.path, request.type, watches);
    case 'removeWatches':
      if (!isKnownType(request.type)) return failedWith('MARSHALLING_ERROR');
      return watches.remove(request.path, request.type, watcher) ? { op: request.op } : failedWith('NO_WATCHER');
    case 'setWatches':
    case 'setWatches2':
      watches.restore(request, tree, watcher);
      return { op: request.op };
  }
}

function checkWatches(path: string, type: WatcherType, watches: Watches): Reply | ErrorResult {
  if (!isKnownType(type)) return failedWith('MARSHALLING_ERROR');
  // ZooKeeper looks up the parent at once, and fails where there can be none;
  if (path !== '' && !path.includes('/')) return failedWith('MARSHALLING_ERROR');
  if (watches.has(path, type)) return { op: 'checkWatches' };
  // as long as anyone watches recursively, it goes on to the parent's parents.
  const isRelative = path !== '' && !path.startsWith('/');
  return failedWith(isRelative && watches.isAnyRecursive ? 'MARSHALLING_ERROR' : 'NO_WATCHER');
}

/** The others came with ZooKeeper 3.9. */
function isKnownType(type: WatcherType): boolean {
  return type === 'data' || type === 'children' || type === 'any';
}
