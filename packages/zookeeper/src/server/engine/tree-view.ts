import type { Acl } from '../../operation/acl.ts';
import type { NodeKind } from './ephemeral-owner.ts';

/** What has to be known of a znode to decide on a write. */
export type NodeView = {
  readonly acl: readonly Acl[];
  readonly version: number;
  readonly aversion: number;
  /** How many children it has ever had, an int32 that wraps: the number of the next sequential one. */
  readonly createCount: number;
  readonly childCount: number;
  readonly kind: NodeKind;
};

/** The tree as it is, or as it will be once what was decided is applied. */
export interface TreeView {
  /** Undefined if there is none. The empty path is another name of the root, as in ZooKeeper. */
  find(path: string): NodeView | undefined;
}

/** int32 + 1, from the greatest to the least. */
export function nextInt32(value: number): number {
  return (value + 1) | 0;
}
