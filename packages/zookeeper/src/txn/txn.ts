import type { Acl } from '../operation/acl.ts';

/** What is common to all transactions (`org.apache.zookeeper.txn.TxnHeader`). */
export type TxnHeader = {
  /** The session that asked for it; 0n where the server itself did. */
  readonly sessionId: bigint;
  /** xid of the request. */
  readonly cxid: number;
  readonly zxid: number;
  /** The server's clock when it was decided; becomes ctime and mtime. */
  readonly timeMs: number;
};

/** A change of the tree that was decided: applying it needs no more checks, and gives the same tree every time. */
export type Txn =
  | CreateTxn
  | { readonly type: 'delete' | 'deleteContainer'; readonly path: string }
  | { readonly type: 'setData'; readonly path: string; readonly data: Uint8Array | null; readonly version: number }
  | { readonly type: 'setACL'; readonly path: string; readonly acl: readonly Acl[]; readonly version: number }
  | { readonly type: 'check'; readonly path: string; readonly version: number }
  | { readonly type: 'createSession'; readonly timeoutMs: number }
  /** With the ephemeral znodes that go with it. */
  | { readonly type: 'closeSession'; readonly paths: readonly string[] }
  /** A request that was refused: it takes a zxid, and changes nothing. */
  | { readonly type: 'error'; readonly code: number }
  | { readonly type: 'multi'; readonly txns: readonly Txn[] };

/** `version`s here are those after the change. */
export type CreateTxn = {
  readonly type: 'create' | 'createContainer' | 'createTTL';
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  readonly ephemeral: boolean;
  /**
   * How many creations the parent has seen after it, which is what the tree keeps as its cversion: given, because a
   * repeated creation must not count twice. -1 in logs of before ZooKeeper 3.4, which do not tell it.
   */
  readonly parentCVersion: number;
  readonly ttlMs?: number;
};

/** A decided transaction with its header. */
export type LoggedTxn = { readonly header: TxnHeader; readonly txn: Txn };
