import { OPEN_ACL, READ_ACL } from '../../operation/acl.ts';
import type { NodeRecord } from '../../txn/tree-image.ts';
import { PERSISTENT_OWNER } from './ephemeral-owner.ts';

/** What a tree has before anything is written; nothing of it can be deleted. A parent comes before its children. */
export const BUILT_IN_NODES: ReadonlyMap<string, NodeRecord> = new Map([
  ['/', builtIn({})],
  ['/zookeeper', builtIn({})],
  ['/zookeeper/quota', builtIn({})],
  // Its ACL counts as set once, from "any version".
  ['/zookeeper/config', builtIn({ acl: READ_ACL, aversion: -1 })],
]);

function builtIn(changes: Partial<NodeRecord>): NodeRecord {
  return {
    data: new Uint8Array(),
    acl: OPEN_ACL,
    czxid: 0,
    mzxid: 0,
    pzxid: 0,
    ctimeMs: 0,
    mtimeMs: 0,
    version: 0,
    cversion: 0,
    aversion: 0,
    ephemeralOwner: PERSISTENT_OWNER,
    ...changes,
  };
}
