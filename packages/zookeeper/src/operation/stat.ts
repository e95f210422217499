/** What ZooKeeper keeps about a znode beside its data (`org.apache.zookeeper.data.Stat`). */
export type Stat = {
  /** zxid of the transaction that created it; that of a broker's registration is its broker epoch. */
  readonly czxid: number;
  /** zxid of the last change of its data. */
  readonly mzxid: number;
  /** zxid of the last change of its children. */
  readonly pzxid: number;
  /** Milliseconds since 1970 by the server's clock: of the creation, and of the last change of its data. */
  readonly ctimeMs: number;
  readonly mtimeMs: number;
  /** Number of changes of its data. An int32 that wraps from its greatest to its least value. */
  readonly version: number;
  /** Number of changes of its children. */
  readonly cversion: number;
  /** Number of changes of its ACL. */
  readonly aversion: number;
  /** Session that owns it; 0n where it is persistent; see `ephemeral-owner.ts` for containers and TTLs. */
  readonly ephemeralOwner: bigint;
  readonly dataLengthBytes: number;
  readonly numChildren: number;
};
