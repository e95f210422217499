import type { Acl } from '../../operation/acl.ts';
import type { Stat } from '../../operation/stat.ts';
import type { NodeRecord } from '../../txn/tree-image.ts';
import { type NodeKind, PERSISTENT_OWNER } from './ephemeral-owner.ts';
import { JavaHashSet } from './java-hash.ts';
import type { NodeView } from './tree-view.ts';

const NO_CHILDREN: readonly string[] = [];
/** Of a znode's first set of children. */
const CHILDREN_BUCKETS = 8;

/** A znode in the tree: a record that is replaced when it changes, and the names of its children. */
export class TreeNode implements NodeView {
  record: NodeRecord;
  readonly kind: NodeKind;
  #children: JavaHashSet | undefined;

  constructor(record: NodeRecord, kind: NodeKind) {
    this.record = record;
    this.kind = kind;
  }

  get acl(): readonly Acl[] {
    return this.record.acl;
  }

  get version(): number {
    return this.record.version;
  }

  get aversion(): number {
    return this.record.aversion;
  }

  get createCount(): number {
    return this.record.cversion;
  }

  get childCount(): number {
    return this.#children?.size ?? 0;
  }

  /** Names, in the order in which ZooKeeper would list them. */
  get children(): readonly string[] {
    return this.#children?.values() ?? NO_CHILDREN;
  }

  /** Whether it was not there yet. */
  addChild(name: string): boolean {
    this.#children ??= new JavaHashSet(CHILDREN_BUCKETS);
    return this.#children.add(name);
  }

  removeChild(name: string): void {
    this.#children?.delete(name);
  }

  /** As clients see it: a creation and a deletion of a child count as one change each. */
  stat(): Stat {
    const { czxid, mzxid, pzxid, ctimeMs, mtimeMs, version, cversion, aversion, ephemeralOwner, data } = this.record;
    const numChildren = this.childCount;
    return {
      czxid,
      mzxid,
      pzxid,
      ctimeMs,
      mtimeMs,
      version,
      cversion: (cversion * 2 - numChildren) | 0,
      aversion,
      ephemeralOwner: this.kind === 'ephemeral' ? ephemeralOwner : PERSISTENT_OWNER,
      dataLengthBytes: data?.length ?? 0,
      numChildren,
    };
  }
}
