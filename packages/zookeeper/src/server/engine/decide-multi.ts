import { createModeByFlags, hasTtl } from '../../operation/create-mode.ts';
import { ERROR_CODES } from '../../operation/error-code.ts';
import type { CreateRequest, MultiOp } from '../../operation/request.ts';
import type { Txn } from '../../txn/txn.ts';
import { decide } from './decide.ts';
import type { Grounds } from './grounds.ts';
import { PendingChanges } from './pending-changes.ts';
import { refused } from './refusal.ts';

/**
 * How many entries the ACLs in one transaction may have together. A frame of the usual size has no room for as many; but
 * `auth`, written in a few bytes, stands for all that a client is.
 */
export const MULTI_ACL_ENTRIES_MAX = 100_000;

/**
 * The transaction of all `ops`, each decided on as if those before it were done. After the first that is refused no more is
 * decided; the transaction is logged all the same, and does nothing.
 */
export function decideMulti(ops: readonly MultiOp[], grounds: Grounds): Txn {
  const pending = new PendingChanges(grounds.tree);
  const pendingGrounds = { ...grounds, tree: pending };
  const txns: Txn[] = [];
  let isRefused = false;
  let aclEntries = 0;
  for (const op of ops) {
    if (isRefused) {
      txns.push({ type: 'error', code: ERROR_CODES.RUNTIME_INCONSISTENCY });
      continue;
    }
    const normal = asInMulti(op);
    if (normal === undefined) return refused('MARSHALLING_ERROR');
    const decided = decide(normal, pendingGrounds);
    if ('acl' in decided) aclEntries += decided.acl.length;
    const txn = aclEntries > MULTI_ACL_ENTRIES_MAX ? refused('INVALID_ACL') : decided;
    isRefused = txn.type === 'error';
    if (!isRefused) pending.add(txn);
    txns.push(txn);
  }
  return { type: 'multi', txns };
}

/**
 * A creation inside of a multi is named after its mode, however the client has named it. Undefined for one that needs a
 * TTL and has no place for it: ZooKeeper cannot take the whole request then.
 */
function asInMulti(op: MultiOp): MultiOp | undefined {
  if (op.op === 'delete' || op.op === 'setData' || op.op === 'check') return op;
  const mode = createModeByFlags(op.flags) ?? 'persistent';
  if (hasTtl(mode)) return op.op === 'createTTL' ? op : undefined;
  return withoutTtl(op, mode === 'container' ? 'createContainer' : 'create');
}

function withoutTtl({ path, data, acl, flags }: CreateRequest, op: CreateRequest['op']): CreateRequest {
  return { op, path, data, acl, flags };
}
