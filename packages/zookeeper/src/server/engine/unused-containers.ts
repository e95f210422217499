import type { DataTree } from './data-tree.ts';
import { ttlMsOf } from './ephemeral-owner.ts';
import { JavaHashSet } from './java-hash.ts';

/**
 * Containers that have had children and have none any more, and childless znodes whose data are older than their TTL, in
 * the order in which ZooKeeper deletes them (ContainerManager).
 */
export function unusedContainers(tree: DataTree, nowMs: number): readonly string[] {
  const unused = new JavaHashSet();
  for (const path of tree.special.containers) if (isUnused(path, tree, nowMs)) unused.add(path);
  for (const path of tree.special.ttls) if (isUnused(path, tree, nowMs)) unused.add(path);
  return unused.values();
}

/** Whether it is one of them now. */
export function isUnused(path: string, tree: DataTree, nowMs: number): boolean {
  const node = tree.find(path);
  if (node === undefined || node.childCount > 0) return false;
  if (node.kind === 'container') return node.createCount > 0;
  return node.kind === 'ttl' && nowMs - node.record.mtimeMs > ttlMsOf(node.record.ephemeralOwner);
}
