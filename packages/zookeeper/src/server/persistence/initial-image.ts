import type { TreeImage } from '../../txn/tree-image.ts';
import { BUILT_IN_NODES } from '../engine/built-in-nodes.ts';

/** The tree before the first transaction: what every ZooKeeper server begins with, and has in `snapshot.0`. */
export const INITIAL_IMAGE: TreeImage = { lastZxid: 0, sessions: new Map(), nodes: BUILT_IN_NODES };
