import type { OpName } from '../operation/request.ts';

/** The types of requests, by name (`org.apache.zookeeper.ZooDefs.OpCode`). */
export const OP_CODES = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  checkWatches: 17,
  removeWatches: 18,
  createContainer: 19,
  deleteContainer: 20,
  createTTL: 21,
  multiRead: 22,
  auth: 100,
  setWatches: 101,
  getEphemerals: 103,
  getAllChildrenNumber: 104,
  setWatches2: 105,
  addWatch: 106,
  whoAmI: 107,
  closeSession: -11,
} as const satisfies Readonly<Record<OpName, number>>;

/** Numbers of the same series that stand in results and in the transaction log, and are no requests of ours. */
export const INNER_CODES = { error: -1, createSession: -10, reconfig: 16 } as const;

const NAMES: ReadonlyMap<number, OpName> = new Map(
  Object.entries(OP_CODES).map(([name, code]) => [code, name as OpName]),
);

/** The request that type `code` stands for; undefined for one that is not in the table. */
export function opNameByCode(code: number): OpName | undefined {
  return NAMES.get(code);
}
