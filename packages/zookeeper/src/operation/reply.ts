import type { Acl } from './acl.ts';
import type { Stat } from './stat.ts';

/** What a server answers to a request that succeeded, by the name of the request. */
export type Reply =
  | { readonly op: 'create'; readonly path: string }
  | { readonly op: 'create2' | 'createContainer' | 'createTTL'; readonly path: string; readonly stat: Stat }
  | { readonly op: 'setData' | 'setACL' | 'exists'; readonly stat: Stat }
  | { readonly op: 'getData'; readonly data: Uint8Array | null; readonly stat: Stat }
  | { readonly op: 'getChildren'; readonly children: readonly string[] }
  | { readonly op: 'getChildren2'; readonly children: readonly string[]; readonly stat: Stat }
  | { readonly op: 'getACL'; readonly acl: readonly Acl[]; readonly stat: Stat }
  | { readonly op: 'sync'; readonly path: string }
  | { readonly op: 'multi'; readonly results: readonly MultiResult[] }
  | { readonly op: 'multiRead'; readonly results: readonly ReadResult[] }
  | { readonly op: 'getEphemerals'; readonly paths: readonly string[] }
  | { readonly op: 'getAllChildrenNumber'; readonly count: number }
  | { readonly op: 'whoAmI'; readonly identities: readonly { readonly scheme: string; readonly id: string }[] }
  | {
      readonly op:
        | 'delete'
        | 'check'
        | 'deleteContainer'
        | 'checkWatches'
        | 'removeWatches'
        | 'addWatch'
        | 'setWatches'
        | 'setWatches2'
        | 'auth'
        | 'ping'
        | 'closeSession';
    };

/** Where one op of a transaction fails, all are answered by errors: its own, and others that stand for "not done". */
export type ErrorResult = { readonly op: 'error'; readonly code: number };

/** What one op of a transaction came to. */
export type MultiResult =
  | { readonly op: 'create'; readonly path: string }
  | { readonly op: 'create2'; readonly path: string; readonly stat: Stat }
  | { readonly op: 'setData'; readonly stat: Stat }
  | { readonly op: 'delete' | 'check' }
  | ErrorResult;

/** What one read of a `multiRead` came to; each may fail on its own. */
export type ReadResult =
  | { readonly op: 'getData'; readonly data: Uint8Array | null; readonly stat: Stat }
  | { readonly op: 'getChildren'; readonly children: readonly string[] }
  | ErrorResult;

/** What comes before every answer: `zxid` is the last transaction that the server had seen; `code` is 0 or an error. */
export type ReplyHeader = { readonly xid: number; readonly zxid: number; readonly code: number };

/** xids of what no request of the client's own numbering asked for. */
export const XID = { notification: -1, ping: -2, auth: -4, setWatches: -8 } as const;
