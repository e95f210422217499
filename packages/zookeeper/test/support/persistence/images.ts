import type { NodeRecord, TreeImage } from '../../../src/txn/tree-image.ts';

const PLAIN: NodeRecord = {
  data: Buffer.from('data'),
  acl: [{ permissions: 31, scheme: 'world', id: 'anyone' }],
  czxid: 1,
  mzxid: 2,
  pzxid: 3,
  ctimeMs: 1_700_000_000_001,
  mtimeMs: 1_700_000_000_002,
  version: 4,
  cversion: 5,
  aversion: 6,
  ephemeralOwner: 0n,
};

export function nodeRecord(changes: Partial<NodeRecord> = {}): NodeRecord {
  return { ...PLAIN, ...changes };
}

/** A root, and `count` znodes below it, of `sizeBytes` each. */
export function imageOf(count: number, { lastZxid = 7, sizeBytes = 4 } = {}): TreeImage {
  const nodes = new Map([['/', nodeRecord({ data: null })]]);
  for (let index = 0; index < count; index++) {
    nodes.set(`/node-${index}`, nodeRecord({ data: Buffer.alloc(sizeBytes, index), czxid: index }));
  }
  return { lastZxid, sessions: new Map([[5n, 30_000]]), nodes };
}
