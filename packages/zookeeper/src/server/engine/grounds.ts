import type { Identity } from './identity.ts';
import type { TreeView } from './tree-view.ts';

/** What a decision is based on beside the request. */
export type Grounds = {
  readonly tree: TreeView;
  readonly identities: readonly Identity[];
  readonly extendedTypes: boolean;
};
