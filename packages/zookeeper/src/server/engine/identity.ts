import { inBucketOrder, javaStringHash } from './java-hash.ts';

/** As whom a connection has authenticated itself. */
export type Identity = { readonly scheme: string; readonly id: string };

/** Who has it may do everything. */
export const SUPER: Identity = { scheme: 'super', id: '' };

/**
 * How many identities a connection may have. ZooKeeper knows no bound; but each of them may stand in every ACL that the
 * client sets with `auth`.
 */
export const IDENTITIES_MAX = 100;

/** As whom a connection has authenticated itself so far: each identity once, in the order in which ZooKeeper lists them. */
export class Identities {
  readonly #hashes = new Map<Identity, number>();
  readonly #texts = new Set<string>();
  /** Undefined after a change. */
  #ordered: readonly Identity[] | undefined;

  get all(): readonly Identity[] {
    this.#ordered ??= inBucketOrder(this.#hashes, bucketsFor(this.#hashes.size));
    return this.#ordered;
  }

  /** Whether it is there now: there is no room for more than `IDENTITIES_MAX`. */
  add(identity: Identity): boolean {
    const text = JSON.stringify([identity.scheme, identity.id]);
    if (this.#texts.has(text)) return true;
    if (this.#texts.size >= IDENTITIES_MAX) return false;
    this.#texts.add(text);
    this.#hashes.set(identity, hashOf(identity));
    this.#ordered = undefined;
    return true;
  }
}

/** The name in it, without what proves it. */
export function userOf({ scheme, id }: Identity): string {
  if (scheme === SUPER.scheme) return '';
  return scheme === 'digest' ? (id.split(':', 1)[0] ?? '') : id;
}

/** Of a `ConcurrentHashMap`, which grows a little earlier than a `HashMap`. */
function bucketsFor(size: number): number {
  let buckets = 16;
  while (size >= 0.75 * buckets) buckets *= 2;
  return buckets;
}

/** `org.apache.zookeeper.data.Id.hashCode`. */
function hashOf({ scheme, id }: Identity): number {
  const hash = (Math.imul(37, 17) + javaStringHash(scheme)) | 0;
  return (Math.imul(37, hash) + javaStringHash(id)) | 0;
}
