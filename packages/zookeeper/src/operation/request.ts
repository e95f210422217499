import type { Acl } from './acl.ts';
import type { AddWatchMode, WatcherType } from './watch.ts';

/** Matches whatever version a znode has. */
export const ANY_VERSION = -1;

/**
 * The requests of ZooKeeper's client protocol, as values. Names are those of the server's op codes. What a number
 * means is checked by who executes the request, not by the codec: `flags` of a create may stand for no mode.
 */
export type Request =
  | CreateRequest
  | DeleteRequest
  | SetDataRequest
  | CheckRequest
  | { readonly op: 'multi'; readonly ops: readonly MultiOp[] }
  | GetDataRequest
  | GetChildrenRequest
  | { readonly op: 'multiRead'; readonly ops: readonly ReadOp[] }
  | { readonly op: 'exists' | 'getChildren2'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'getACL' | 'sync'; readonly path: string }
  | { readonly op: 'deleteContainer'; readonly path: string }
  | { readonly op: 'setACL'; readonly path: string; readonly acl: readonly Acl[]; readonly version: number }
  | { readonly op: 'checkWatches' | 'removeWatches'; readonly path: string; readonly type: WatcherType }
  | { readonly op: 'addWatch'; readonly path: string; readonly mode: AddWatchMode }
  | SetWatchesRequest
  | { readonly op: 'auth'; readonly scheme: string; readonly auth: Uint8Array }
  | { readonly op: 'getEphemerals'; readonly prefix: string }
  | { readonly op: 'getAllChildrenNumber'; readonly path: string }
  | { readonly op: 'whoAmI' | 'ping' | 'closeSession' };

export type OpName = Request['op'];

/** `create` answers the path, the others path and stat; `ttlMs` belongs to `createTTL`. */
export type CreateRequest = {
  readonly op: 'create' | 'create2' | 'createContainer' | 'createTTL';
  readonly path: string;
  /** null is not the same as no bytes. */
  readonly data: Uint8Array | null;
  readonly acl: readonly Acl[];
  /** See `CREATE_FLAGS`. */
  readonly flags: number;
  readonly ttlMs?: number;
};
export type DeleteRequest = { readonly op: 'delete'; readonly path: string; readonly version: number };
export type SetDataRequest = {
  readonly op: 'setData';
  readonly path: string;
  readonly data: Uint8Array | null;
  readonly version: number;
};
export type CheckRequest = { readonly op: 'check'; readonly path: string; readonly version: number };
/** What a transaction may be made of. */
export type MultiOp = CreateRequest | DeleteRequest | SetDataRequest | CheckRequest;

export type GetDataRequest = { readonly op: 'getData'; readonly path: string; readonly watch: boolean };
export type GetChildrenRequest = { readonly op: 'getChildren'; readonly path: string; readonly watch: boolean };
/** What a `multiRead` may be made of. */
export type ReadOp = GetDataRequest | GetChildrenRequest;

/** What a client watched before it was connected anew; the persistent ones came with `setWatches2`. */
export type SetWatchesRequest = {
  readonly op: 'setWatches' | 'setWatches2';
  readonly relativeZxid: number;
  readonly dataWatches: readonly string[];
  readonly existWatches: readonly string[];
  readonly childWatches: readonly string[];
  readonly persistentWatches: readonly string[];
  readonly persistentRecursiveWatches: readonly string[];
};
