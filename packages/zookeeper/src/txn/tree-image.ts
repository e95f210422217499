import type { Acl } from '../operation/acl.ts';

/** A znode as a snapshot keeps it: immutable, so that a snapshot can be written while the tree changes. */
export type NodeRecord = {
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly czxid: number;
  readonly mzxid: number;
  readonly pzxid: number;
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  readonly version: number;
  /** How many creations of children it has seen; clients are shown `2 * cversion - children`, deletions included. */
  readonly cversion: number;
  readonly aversion: number;
  /** Of containers and znodes with a TTL too: see `ephemeral-owner.ts`. */
  readonly ephemeralOwner: bigint;
};

/** The whole state of a server at one zxid: what a snapshot holds, and what a tree is built from. */
export type TreeImage = {
  readonly lastZxid: number;
  /** Session timeouts in milliseconds, by session id. */
  readonly sessions: ReadonlyMap<bigint, number>;
  /**
   * By path, '/' and '/zookeeper' and its children included; a parent comes before its children. May be walked over more
   * than once, and gives the same each time.
   */
  readonly nodes: Iterable<readonly [path: string, node: NodeRecord]>;
};
