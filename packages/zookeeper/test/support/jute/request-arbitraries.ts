import * as fc from 'fast-check';
import type { MultiOp, OpName, ReadOp, Request } from '../../../src/operation/request.ts';
import { acl, bytes, int32, nullableBytes, path, record, safeInt64, text, texts } from './field-arbitraries.ts';

const watch = fc.boolean();

const createOf = <Op extends OpName>(op: Op) =>
  record({ op: fc.constant(op), path, data: nullableBytes, acl, flags: int32 });
const createTTL = record({
  op: fc.constant('createTTL' as const),
  path,
  data: nullableBytes,
  acl,
  flags: int32,
  ttlMs: safeInt64,
});
const versionedOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op), path, version: int32 });
const setData = record({ op: fc.constant('setData' as const), path, data: nullableBytes, version: int32 });
const readOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op), path, watch });
const pathOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op), path });
const bareOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op) });
const watchesOf = <Op extends OpName>(op: Op) =>
  record({
    op: fc.constant(op),
    path,
    type: fc.constantFrom('children', 'data', 'any', 'persistent', 'persistentRecursive'),
  });

const multiOp: fc.Arbitrary<MultiOp> = fc.oneof(
  createOf('create'),
  createOf('create2'),
  createOf('createContainer'),
  createTTL,
  versionedOf('delete'),
  versionedOf('check'),
  setData,
);
const readOp: fc.Arbitrary<ReadOp> = fc.oneof(readOf('getData'), readOf('getChildren'));

const watched = { relativeZxid: safeInt64, dataWatches: texts, existWatches: texts, childWatches: texts };

/** Requests of every kind, with any value in every field. */
export const REQUESTS: { readonly [Op in OpName]: fc.Arbitrary<Request> } = {
  create: createOf('create'),
  create2: createOf('create2'),
  createContainer: createOf('createContainer'),
  createTTL,
  delete: versionedOf('delete'),
  check: versionedOf('check'),
  setData,
  multi: record({ op: fc.constant('multi' as const), ops: fc.array(multiOp, { maxLength: 5 }) }),
  multiRead: record({ op: fc.constant('multiRead' as const), ops: fc.array(readOp, { maxLength: 5 }) }),
  getData: readOf('getData'),
  getChildren: readOf('getChildren'),
  exists: readOf('exists'),
  getChildren2: readOf('getChildren2'),
  getACL: pathOf('getACL'),
  sync: pathOf('sync'),
  deleteContainer: pathOf('deleteContainer'),
  getAllChildrenNumber: pathOf('getAllChildrenNumber'),
  setACL: record({ op: fc.constant('setACL' as const), path, acl, version: int32 }),
  checkWatches: watchesOf('checkWatches'),
  removeWatches: watchesOf('removeWatches'),
  addWatch: record({
    op: fc.constant('addWatch' as const),
    path,
    mode: fc.constantFrom('persistent', 'persistentRecursive'),
  }),
  setWatches: record({
    op: fc.constant('setWatches' as const),
    ...watched,
    persistentWatches: fc.constant([]),
    persistentRecursiveWatches: fc.constant([]),
  }),
  setWatches2: record({
    op: fc.constant('setWatches2' as const),
    ...watched,
    persistentWatches: texts,
    persistentRecursiveWatches: texts,
  }),
  auth: record({ op: fc.constant('auth' as const), scheme: text, auth: bytes }),
  getEphemerals: record({ op: fc.constant('getEphemerals' as const), prefix: text }),
  whoAmI: bareOf('whoAmI'),
  ping: bareOf('ping'),
  closeSession: bareOf('closeSession'),
};
