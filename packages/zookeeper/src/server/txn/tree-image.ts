import type { Acl } from '../../operation/acl.ts';

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
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: bigint;
};

/** The whole state of a server at one zxid: what a snapshot holds, and what a tree is built from. */
export type TreeImage = {
  readonly lastZxid: number;
  /** Session timeouts in milliseconds, by session id. */
  readonly sessions: ReadonlyMap<bigint, number>;
  /** By path, '/' and '/zookeeper' and its children included; a parent comes before its children. */
  readonly nodes: Iterable<readonly [path: string, node: NodeRecord]>;
};
