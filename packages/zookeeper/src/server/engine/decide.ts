import { PERMISSION } from '../../operation/acl.ts';
import { problemOfPath } from '../../operation/path.ts';
import {
  ANY_VERSION,
  type CheckRequest,
  type CreateRequest,
  type DeleteRequest,
  type Request,
  type SetDataRequest,
} from '../../operation/request.ts';
import type { Txn } from '../../txn/txn.ts';
import { isPermitted, resolveAcl } from './access.ts';
import { BUILT_IN_NODES } from './built-in-nodes.ts';
import { decideCreate } from './decide-create.ts';
import type { Grounds } from './grounds.ts';
import { ownBytes } from './own-bytes.ts';
import { refused } from './refusal.ts';
import { nextInt32, type TreeView } from './tree-view.ts';

/** A write of one znode. */
export type NodeWrite = CreateRequest | DeleteRequest | SetDataRequest | CheckRequest | SetAclRequest | DeleteContainer;
type SetAclRequest = Extract<Request, { readonly op: 'setACL' }>;
type DeleteContainer = Extract<Request, { readonly op: 'deleteContainer' }>;

/**
 * The transaction that does what `request` asks for, or the error that it is refused with. Changes nothing. The checks
 * come in ZooKeeper's order (PrepRequestProcessor), which decides on the error where several apply.
 */
export function decide(request: NodeWrite, grounds: Grounds): Txn {
  switch (request.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return decideCreate(request, grounds);
    case 'delete':
      return decideDelete(request, grounds);
    case 'setData':
      return decideSetData(request, grounds);
    case 'setACL':
      return decideSetAcl(request, grounds);
    case 'check':
      return decideCheck(request, grounds);
    case 'deleteContainer':
      // Only the server itself may: ZooKeeper misreads the path when a client asks, and finds a null character in it.
      return refused('BAD_ARGUMENTS');
  }
}

/** The deletion of a container, or a znode with a TTL, that the server itself has found to be of no more use. */
export function decideDeleteContainer(path: string, tree: TreeView): Txn {
  const node = tree.find(path);
  if (node === undefined) return refused('NO_NODE');
  if (node.childCount > 0) return refused('NOT_EMPTY');
  if (node.kind === 'ephemeral') return refused('BAD_VERSION');
  return { type: 'deleteContainer', path };
}

function decideDelete({ path, version }: DeleteRequest, { tree, identities }: Grounds): Txn {
  const slash = path.lastIndexOf('/');
  if (slash === -1 || path.includes('\0') || BUILT_IN_NODES.has(path)) return refused('BAD_ARGUMENTS');
  const parent = tree.find(path.slice(0, slash));
  if (parent === undefined) return refused('NO_NODE');
  if (!isPermitted(parent.acl, PERMISSION.delete, identities)) return refused('NO_AUTH');
  const node = tree.find(path);
  if (node === undefined) return refused('NO_NODE');
  if (!isVersion(node.version, version)) return refused('BAD_VERSION');
  if (node.childCount > 0) return refused('NOT_EMPTY');
  return { type: 'delete', path };
}

function decideSetData({ path, data, version }: SetDataRequest, { tree, identities }: Grounds): Txn {
  if (problemOfPath(path) !== undefined) return refused('BAD_ARGUMENTS');
  const node = tree.find(path);
  if (node === undefined) return refused('NO_NODE');
  if (!isPermitted(node.acl, PERMISSION.write, identities)) return refused('NO_AUTH');
  if (!isVersion(node.version, version)) return refused('BAD_VERSION');
  return { type: 'setData', path, data: ownBytes(data), version: nextInt32(node.version) };
}

function decideSetAcl({ path, acl, version }: SetAclRequest, { tree, identities }: Grounds): Txn {
  if (problemOfPath(path) !== undefined) return refused('BAD_ARGUMENTS');
  const resolved = resolveAcl(acl, identities);
  if (resolved === undefined) return refused('INVALID_ACL');
  const node = tree.find(path);
  if (node === undefined) return refused('NO_NODE');
  if (!isPermitted(node.acl, PERMISSION.admin, identities)) return refused('NO_AUTH');
  if (!isVersion(node.aversion, version)) return refused('BAD_VERSION');
  return { type: 'setACL', path, acl: resolved, version: nextInt32(node.aversion) };
}

function decideCheck({ path, version }: CheckRequest, { tree, identities }: Grounds): Txn {
  if (problemOfPath(path) !== undefined) return refused('BAD_ARGUMENTS');
  const node = tree.find(path);
  if (node === undefined) return refused('NO_NODE');
  if (!isPermitted(node.acl, PERMISSION.read, identities)) return refused('NO_AUTH');
  if (!isVersion(node.version, version)) return refused('BAD_VERSION');
  return { type: 'check', path, version: nextInt32(node.version) };
}

function isVersion(actual: number, wanted: number): boolean {
  return wanted === ANY_VERSION || wanted === actual;
}
