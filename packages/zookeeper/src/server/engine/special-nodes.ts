import { JavaHashSet } from './java-hash.ts';
import type { TreeNode } from './tree-node.ts';

/** Which znodes of the tree are ephemeral, by session, which are containers and which have a TTL. */
export class SpecialNodes {
  readonly #ephemerals = new Map<bigint, JavaHashSet>();
  readonly containers = new Set<string>();
  readonly ttls = new Set<string>();
  #ephemeralCount = 0;

  get ephemeralCount(): number {
    return this.#ephemeralCount;
  }

  /** Sessions that own an ephemeral znode, or have. */
  get owners(): Iterable<bigint> {
    return this.#ephemerals.keys();
  }

  /** In the order in which ZooKeeper lists them, and deletes them when the session ends. */
  ephemeralsOf(sessionId: bigint): readonly string[] {
    return this.#ephemerals.get(sessionId)?.valuesOfClone() ?? [];
  }

  add(path: string, { kind, record }: TreeNode): void {
    if (kind === 'container') this.containers.add(path);
    else if (kind === 'ttl') this.ttls.add(path);
    else if (kind === 'ephemeral') this.#addEphemeral(path, record.ephemeralOwner);
  }

  remove(path: string, { kind, record }: TreeNode): void {
    if (kind === 'container') this.containers.delete(path);
    else if (kind === 'ttl') this.ttls.delete(path);
    else if (kind === 'ephemeral' && this.#ephemerals.get(record.ephemeralOwner)?.delete(path)) this.#ephemeralCount--;
  }

  /** The session is over. */
  forget(sessionId: bigint): void {
    this.#ephemeralCount -= this.#ephemerals.get(sessionId)?.size ?? 0;
    this.#ephemerals.delete(sessionId);
  }

  #addEphemeral(path: string, owner: bigint): void {
    let paths = this.#ephemerals.get(owner);
    if (paths === undefined) {
      paths = new JavaHashSet();
      this.#ephemerals.set(owner, paths);
    }
    paths.add(path);
    this.#ephemeralCount++;
  }
}
