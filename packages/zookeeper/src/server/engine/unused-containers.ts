import type { DataTree } from './data-tree.ts';
import { ttlMsOf } from './ephemeral-owner.ts';
import { JavaHashSet } from './java-hash.ts';

/**
 * Containers that have had children and have none any more, and childless znodes whose data are older than their TTL, in
 * the order in which ZooKeeper deletes them (ContainerManager).
 */
export function unusedContainers(tree: DataTree, nowMs: number): readonly string[] {
  const unused = new JavaHashSet();
  for (const path of tree.special.containers) {
    const node = tree.find(path);
    if (node !== undefined && node.childCount === 0 && node.createCount > 0) unused.add(path);
  }
  for (const path of tree.special.ttls) {
    const node = tree.find(path);
    if (node === undefined || node.childCount > 0) continue;
    if (nowMs - node.record.mtimeMs > ttlMsOf(node.record.ephemeralOwner)) unused.add(path);
  }
  return unused.values();
}
