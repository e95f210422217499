import { OPEN_ACL } from '../operation/acl.ts';
import { CREATE_FLAGS, isSequential, type SessionCreateMode } from '../operation/create-mode.ts';
import type { MultiResult } from '../operation/reply.ts';
import type { CreateRequest, MultiOp } from '../operation/request.ts';
import type { Chroot } from './chroot.ts';
import type { CreateOptions, TransactionOp, TransactionResult } from './session.ts';
import { checkedVersion } from './version.ts';
import { MultiError, nameOfServerCode, ZooKeeperError } from './zookeeper-error.ts';

/** @throws ZooKeeperError BAD_ARGUMENTS where the path is none */
export function pathToCreate(path: string, mode: SessionCreateMode | undefined, chroot: Chroot): string {
  return mode !== undefined && isSequential(mode) ? chroot.toServerSequential(path) : chroot.toServer(path);
}

export function createRequestAt(
  path: string,
  data: Uint8Array | null,
  { mode = 'persistent', acl = OPEN_ACL }: CreateOptions,
): CreateRequest & { readonly op: 'create' } {
  return { op: 'create', path, data, acl, flags: CREATE_FLAGS[mode] };
}

/** @throws ZooKeeperError BAD_ARGUMENTS where the path or the version is none */
export function multiOp(op: TransactionOp, chroot: Chroot): MultiOp {
  return multiOpAt(op, op.type === 'create' ? pathToCreate(op.path, op.mode, chroot) : chroot.toServer(op.path));
}

/**
 * The step as a server gets it, at the server's path.
 *
 * @throws ZooKeeperError BAD_ARGUMENTS for a version that is none
 */
export function multiOpAt(op: TransactionOp, path: string): MultiOp {
  switch (op.type) {
    case 'create':
      return createRequestAt(path, op.data, op);
    case 'set':
      return { op: 'setData', path, data: op.data, version: checkedVersion(op.version, op.path) };
    case 'delete':
    case 'check':
      return { op: op.type, path, version: checkedVersion(op.version, op.path) };
  }
}

/**
 * What the steps of a transaction came to. Of one that was refused the server answers an error for every step: 0 for those
 * before the one that could not be done, and for those after it that they were not looked at.
 *
 * @throws MultiError where it was refused
 * @throws ZooKeeperError MARSHALLING_ERROR where the answer is not one to these steps
 */
export function transactionResults(
  ops: readonly TransactionOp[],
  results: readonly MultiResult[],
  chroot: Chroot,
): TransactionResult[] {
  const failed = results.findIndex((result) => result.op === 'error' && result.code !== 0);
  const failure = results[failed];
  if (failure?.op === 'error') throw refused(ops, failed, failure.code);
  if (results.length !== ops.length) throw garbled(`${results.length} results for ${ops.length} steps`);
  return ops.map((op, index) => resultOf(op, results[index], chroot));
}

function refused(ops: readonly TransactionOp[], index: number, serverCode: number): MultiError {
  const op = ops[index];
  const code = nameOfServerCode(serverCode);
  const message = `multi: step ${index} of ${ops.length}, ${op?.type} ${op?.path}: ${code} (${serverCode})`;
  return new MultiError(index, code, message, op?.path);
}

function resultOf(op: TransactionOp, result: MultiResult | undefined, chroot: Chroot): TransactionResult {
  switch (result?.op) {
    case 'create':
    case 'create2':
      if (op.type === 'create') return { type: 'create', path: createdPath(result.path, chroot) };
      break;
    case 'setData':
      if (op.type === 'set') return { type: 'set', stat: result.stat };
      break;
    case 'delete':
    case 'check':
      if (op.type === result.op) return { type: result.op };
      break;
  }
  throw garbled(`${result?.op} for ${op.type} ${op.path}`);
}

/** @throws ZooKeeperError MARSHALLING_ERROR where the server's path is outside of the chroot */
export function createdPath(serverPath: string, chroot: Chroot): string {
  const path = chroot.fromServer(serverPath);
  if (path === undefined) throw garbled(`it created ${serverPath}, which is not below ${chroot.path}`);
  return path;
}

/** The server has done something, and it cannot be told what. */
function garbled(what: string): ZooKeeperError {
  const message = `the server's answer does not fit the request: ${what}`;
  return new ZooKeeperError('MARSHALLING_ERROR', message, { outcome: 'unknown' });
}
