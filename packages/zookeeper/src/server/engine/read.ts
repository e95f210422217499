import { type Acl, PERMISSION } from '../../operation/acl.ts';
import type { ErrorResult, ReadResult, Reply } from '../../operation/reply.ts';
import type { ReadOp, Request } from '../../operation/request.ts';
import { isPermitted } from './access.ts';
import type { DataTree } from './data-tree.ts';
import { maskedDigestId } from './digest-scheme.ts';
import { failedWith } from './failed-with.ts';
import type { Identity } from './identity.ts';
import { TreeNode } from './tree-node.ts';
import type { Watcher } from './watch-table.ts';
import type { Watches } from './watches.ts';

/** A request that changes nothing but the watches. */
export type ReadRequest = Extract<
  Request,
  {
    readonly op:
      | 'exists'
      | 'getData'
      | 'getACL'
      | 'getChildren'
      | 'getChildren2'
      | 'getAllChildrenNumber'
      | 'getEphemerals'
      | 'multiRead'
      | 'sync';
  }
>;

/** Who reads, and what. */
export type Reader = {
  readonly tree: DataTree;
  readonly watches: Watches;
  readonly watcher: Watcher;
  readonly identities: readonly Identity[];
  readonly sessionId: bigint;
};

/** Answers a read, and watches where that is asked for; paths need not be valid (ZooKeeper's FinalRequestProcessor). */
export function read(request: ReadRequest, reader: Reader): Reply | ErrorResult {
  switch (request.op) {
    case 'exists':
      return exists(request.path, request.watch, reader);
    case 'getData':
    case 'getChildren':
      return readOne(request, request.watch, reader);
    case 'getChildren2':
      return getChildren2(request.path, request.watch, reader);
    case 'getACL':
      return getAcl(request.path, reader);
    case 'getAllChildrenNumber':
      return getAllChildrenNumber(request.path, reader);
    case 'getEphemerals':
      return { op: 'getEphemerals', paths: ephemeralsBelow(request.prefix, reader) };
    case 'multiRead':
      // None of them watches, even if it asks for it.
      return { op: 'multiRead', results: request.ops.map((op) => readOne(op, false, reader)) };
    case 'sync':
      return { op: 'sync', path: request.path };
  }
}

/** Needs no permission, and watches a znode that is not there. */
function exists(path: string, watch: boolean, { tree, watches, watcher }: Reader): Reply | ErrorResult {
  if (path.includes('\0')) return failedWith('BAD_ARGUMENTS');
  if (watch) watches.watchData(path, watcher);
  const node = tree.find(path);
  return node === undefined ? failedWith('NO_NODE') : { op: 'exists', stat: node.stat() };
}

function readOne({ op, path }: ReadOp, watch: boolean, reader: Reader): ReadResult {
  const node = findPermitted(path, PERMISSION.read, reader);
  if (!(node instanceof TreeNode)) return node;
  if (op === 'getData') {
    if (watch) reader.watches.watchData(path, reader.watcher);
    return { op, data: node.record.data, stat: node.stat() };
  }
  if (watch) reader.watches.watchChildren(path, reader.watcher);
  return { op, children: node.children };
}

function getChildren2(path: string, watch: boolean, reader: Reader): Reply | ErrorResult {
  const node = findPermitted(path, PERMISSION.read, reader);
  if (!(node instanceof TreeNode)) return node;
  if (watch) reader.watches.watchChildren(path, reader.watcher);
  return { op: 'getChildren2', children: node.children, stat: node.stat() };
}

/** Who may read but not administer sees no digests. */
function getAcl(path: string, reader: Reader): Reply | ErrorResult {
  const node = findPermitted(path, PERMISSION.read | PERMISSION.admin, reader);
  if (!(node instanceof TreeNode)) return node;
  const maySeeAll = isPermitted(node.acl, PERMISSION.admin, reader.identities);
  return { op: 'getACL', acl: maySeeAll ? node.acl : node.acl.map(masked), stat: node.stat() };
}

function masked(entry: Acl): Acl {
  return entry.scheme === 'digest' ? { ...entry, id: maskedDigestId(entry.id) } : entry;
}

function getAllChildrenNumber(path: string, reader: Reader): Reply | ErrorResult {
  const node = findPermitted(path, PERMISSION.read, reader);
  if (!(node instanceof TreeNode)) return node;
  // By its other name, the root counts as one that is below it.
  const count = path === '' ? reader.tree.countBelow('/') + 1 : reader.tree.countBelow(path);
  return { op: 'getAllChildrenNumber', count };
}

function ephemeralsBelow(prefix: string, { tree, sessionId }: Reader): readonly string[] {
  const all = tree.special.ephemeralsOf(sessionId);
  const isForAll = prefix.trim() === '' || prefix.trim() === '/';
  return isForAll ? all : all.filter((path) => path.startsWith(prefix));
}

function findPermitted(path: string, permissions: number, { tree, identities }: Reader): TreeNode | ErrorResult {
  const node = tree.find(path);
  if (node === undefined) return failedWith('NO_NODE');
  return isPermitted(node.acl, permissions, identities) ? node : failedWith('NO_AUTH');
}
