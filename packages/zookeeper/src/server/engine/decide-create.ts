import { PERMISSION } from '../../operation/acl.ts';
import { createModeByFlags, hasTtl, isEphemeral, isSequential } from '../../operation/create-mode.ts';
import { problemOfPath } from '../../operation/path.ts';
import type { CreateRequest } from '../../operation/request.ts';
import type { CreateTxn, Txn } from '../../txn/txn.ts';
import { isPermitted, resolveAcl } from './access.ts';
import { TTL_MS_MAX } from './ephemeral-owner.ts';
import type { Grounds } from './grounds.ts';
import { ownBytes } from './own-bytes.ts';
import { refused } from './refusal.ts';
import { nextInt32 } from './tree-view.ts';

const NUMBER_DIGITS = 10;

/** @see decide */
export function decideCreate(request: CreateRequest, { tree, identities, extendedTypes }: Grounds): Txn {
  const mode = createModeByFlags(request.flags);
  if (mode === undefined) return refused('BAD_ARGUMENTS');
  if (hasTtl(mode) && !extendedTypes) return refused('UNIMPLEMENTED');
  if (!isTtlFit(request, hasTtl(mode))) return refused('BAD_ARGUMENTS');

  const slash = request.path.lastIndexOf('/');
  if (slash === -1 || request.path.includes('\0')) return refused('BAD_ARGUMENTS');
  const acl = resolveAcl(request.acl, identities);
  if (acl === undefined) return refused('INVALID_ACL');
  const parent = tree.find(request.path.slice(0, slash));
  if (parent === undefined) return refused('NO_NODE');
  if (!isPermitted(parent.acl, PERMISSION.create, identities)) return refused('NO_AUTH');

  const path = isSequential(mode) ? request.path + sequenceNumber(parent.createCount) : request.path;
  if (problemOfPath(path) !== undefined) return refused('BAD_ARGUMENTS');
  if (tree.find(path) !== undefined) return refused('NODE_EXISTS');
  if (parent.kind === 'ephemeral') return refused('NO_CHILDREN_FOR_EPHEMERALS');

  const type = txnType(request);
  return {
    type,
    path,
    data: ownBytes(request.data),
    acl,
    ephemeral: type === 'create' && isEphemeral(mode),
    parentCVersion: nextInt32(parent.createCount),
    ...(type === 'createTTL' && request.ttlMs !== undefined ? { ttlMs: request.ttlMs } : {}),
  };
}

/**
 * A TTL from 1 on where the mode has one, and no TTL where it has not. ZooKeeper stops at a createTTL whose mode and number
 * both say that there is none; it is refused here.
 */
function isTtlFit({ op, ttlMs = 0 }: CreateRequest, isWanted: boolean): boolean {
  if (op !== 'createTTL') return !isWanted;
  return isWanted && ttlMs > 0 && ttlMs <= TTL_MS_MAX;
}

/** The request's name decides on what is made; its mode, on how it is called and how long it lives otherwise. */
function txnType({ op }: CreateRequest): CreateTxn['type'] {
  return op === 'createContainer' || op === 'createTTL' ? op : 'create';
}

/** As `%010d` has it: ten characters, a minus among them. */
function sequenceNumber(value: number): string {
  return value < 0 ? `-${String(-value).padStart(NUMBER_DIGITS - 1, '0')}` : String(value).padStart(NUMBER_DIGITS, '0');
}
