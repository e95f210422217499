import { parentPath } from '../../operation/path.ts';
import type { CreateTxn, Txn } from '../../txn/txn.ts';
import type { NodeKind } from './ephemeral-owner.ts';
import type { NodeView, TreeView } from './tree-view.ts';

/**
 * The tree as it will be once the first parts of a multi are applied, so that the next one can be decided on. It is
 * thrown away with the multi, be it applied or not.
 */
export class PendingChanges implements TreeView {
  readonly #tree: TreeView;
  /** Undefined where it is deleted. */
  readonly #changed = new Map<string, NodeView | undefined>();

  constructor(tree: TreeView) {
    this.#tree = tree;
  }

  find(path: string): NodeView | undefined {
    const key = path === '' ? '/' : path;
    return this.#changed.has(key) ? this.#changed.get(key) : this.#tree.find(key);
  }

  /** Takes in what was decided on the state before it. */
  add(txn: Txn): void {
    switch (txn.type) {
      case 'create':
      case 'createContainer':
      case 'createTTL':
        this.#create(txn);
        break;
      case 'delete':
        this.#changed.set(txn.path, undefined);
        this.#change(parentPath(txn.path), ({ childCount }) => ({ childCount: childCount - 1 }));
        break;
      case 'setData':
        this.#change(txn.path, () => ({ version: txn.version }));
        break;
      default:
        // The others have no place in a multi, or change nothing.
        break;
    }
  }

  #create(txn: CreateTxn): void {
    const node = { acl: txn.acl, version: 0, aversion: 0, createCount: 0, childCount: 0, kind: kindOf(txn) };
    this.#changed.set(txn.path, node);
    this.#change(parentPath(txn.path), ({ childCount }) => ({
      childCount: childCount + 1,
      createCount: txn.parentCVersion,
    }));
  }

  #change(path: string, changesOf: (node: NodeView) => Partial<NodeView>): void {
    const node = this.find(path);
    if (node === undefined) return;
    const { acl, version, aversion, createCount, childCount, kind } = node;
    this.#changed.set(path, { acl, version, aversion, createCount, childCount, kind, ...changesOf(node) });
  }
}

function kindOf(txn: CreateTxn): NodeKind {
  if (txn.type === 'createContainer') return 'container';
  if (txn.type === 'createTTL') return 'ttl';
  return txn.ephemeral ? 'ephemeral' : 'persistent';
}
