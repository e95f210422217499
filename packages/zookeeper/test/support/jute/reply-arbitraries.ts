import * as fc from 'fast-check';
import type { ErrorResult, MultiResult, ReadResult, Reply } from '../../../src/operation/reply.ts';
import type { OpName } from '../../../src/operation/request.ts';
import { acl, int32, nullableBytes, path, record, stat, text, texts } from './field-arbitraries.ts';

const pathOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op), path });
const nodeOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op), path, stat });
const statOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op), stat });
const bareOf = <Op extends OpName>(op: Op) => record({ op: fc.constant(op) });

const getData = record({ op: fc.constant('getData' as const), data: nullableBytes, stat });
const getChildren = record({ op: fc.constant('getChildren' as const), children: texts });

const error: fc.Arbitrary<ErrorResult> = record({ op: fc.constant('error' as const), code: int32 });
const multiResult: fc.Arbitrary<MultiResult> = fc.oneof(
  pathOf('create'),
  nodeOf('create2'),
  statOf('setData'),
  bareOf('delete'),
  bareOf('check'),
  error,
);
const readResult: fc.Arbitrary<ReadResult> = fc.oneof(getData, getChildren, error);

/** Replies of every kind, with any value in every field. */
export const REPLIES: { readonly [Op in OpName]: fc.Arbitrary<Reply> } = {
  create: pathOf('create'),
  create2: nodeOf('create2'),
  createContainer: nodeOf('createContainer'),
  createTTL: nodeOf('createTTL'),
  delete: bareOf('delete'),
  check: bareOf('check'),
  setData: statOf('setData'),
  multi: record({ op: fc.constant('multi' as const), results: fc.array(multiResult, { maxLength: 5 }) }),
  multiRead: record({ op: fc.constant('multiRead' as const), results: fc.array(readResult, { maxLength: 5 }) }),
  getData,
  getChildren,
  exists: statOf('exists'),
  getChildren2: record({ op: fc.constant('getChildren2' as const), children: texts, stat }),
  getACL: record({ op: fc.constant('getACL' as const), acl, stat }),
  sync: pathOf('sync'),
  deleteContainer: bareOf('deleteContainer'),
  getAllChildrenNumber: record({ op: fc.constant('getAllChildrenNumber' as const), count: int32 }),
  setACL: statOf('setACL'),
  checkWatches: bareOf('checkWatches'),
  removeWatches: bareOf('removeWatches'),
  addWatch: bareOf('addWatch'),
  setWatches: bareOf('setWatches'),
  setWatches2: bareOf('setWatches2'),
  auth: bareOf('auth'),
  getEphemerals: record({ op: fc.constant('getEphemerals' as const), paths: texts }),
  whoAmI: record({
    op: fc.constant('whoAmI' as const),
    identities: fc.array(record({ scheme: text, id: text }), { maxLength: 3 }),
  }),
  ping: bareOf('ping'),
  closeSession: bareOf('closeSession'),
};
