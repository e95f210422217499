import * as fc from 'fast-check';
import type { LoggedTxn, Txn, TxnHeader } from '../../../src/txn/txn.ts';
import { acl, int32, int64, nullableBytes, path, record, safeInt64, texts } from './field-arbitraries.ts';

const typeOf = <Type extends Txn['type']>(type: Type) => fc.constant(type);
const node = { path, data: nullableBytes, acl, parentCVersion: int32 };

/** What a multi may be made of. */
const part: fc.Arbitrary<Txn> = fc.oneof(
  record({ type: typeOf('create'), ...node, ephemeral: fc.boolean() }),
  record({ type: typeOf('createContainer'), ...node, ephemeral: fc.constant(false) }),
  record({ type: typeOf('createTTL'), ...node, ephemeral: fc.constant(false), ttlMs: safeInt64 }),
  record({ type: fc.constantFrom('delete', 'deleteContainer'), path }),
  record({ type: typeOf('setData'), path, data: nullableBytes, version: int32 }),
  record({ type: typeOf('check'), path, version: int32 }),
  record({ type: typeOf('error'), code: int32 }),
);

/** Transactions of every kind, with any value in every field. */
export const txn: fc.Arbitrary<Txn> = fc.oneof(
  part,
  record({ type: typeOf('setACL'), path, acl, version: int32 }),
  record({ type: typeOf('createSession'), timeoutMs: int32 }),
  record({ type: typeOf('closeSession'), paths: texts }),
  record({ type: typeOf('multi'), txns: fc.array(part, { maxLength: 5 }) }),
);

export const txnHeader: fc.Arbitrary<TxnHeader> = record({
  sessionId: int64,
  cxid: int32,
  zxid: safeInt64,
  timeMs: safeInt64,
});

export const loggedTxn: fc.Arbitrary<LoggedTxn> = record({ header: txnHeader, txn });
