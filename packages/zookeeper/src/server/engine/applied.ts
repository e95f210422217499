import type { Acl } from '../../operation/acl.ts';
import type { Stat } from '../../operation/stat.ts';

/** What became of a transaction: what its request is answered with, in parts. */
export type Applied =
  | {
      readonly type: 'created';
      readonly kind: 'create' | 'createContainer' | 'createTTL';
      readonly path: string;
      readonly stat: Stat;
    }
  /** Data or ACL. */
  | { readonly type: 'changed'; readonly stat: Stat }
  | { readonly type: 'deleted' | 'checked' | 'session' }
  /** Nothing was done. `code` is 0 for a part of a multi that failed through another part. */
  | { readonly type: 'failed'; readonly code: number }
  | { readonly type: 'multi'; readonly results: readonly Applied[] };

/** What happened to a znode, for those who watch it. */
export type TreeChange = 'created' | 'deleted' | 'dataChanged';

/** Of the znode and of its parent: who may not read what an event is about does not hear of it (CVE-2024-23944). */
export type ChangeAcls = { readonly own: readonly Acl[]; readonly parent: readonly Acl[] };

export type ChangeListener = (change: TreeChange, path: string, acls: ChangeAcls) => void;
