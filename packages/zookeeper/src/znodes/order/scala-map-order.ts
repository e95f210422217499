/**
 * The orders in which Scala 2.13 goes through its maps, because the JSON that Kafka writes has its keys in them. Keys are
 * strings, put in one after the other and each once.
 */
import { javaStringHash } from './java-string-hash.ts';

const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;
/** Maps of so many entries are classes of their own, which keep the order. */
const SMALL_MAP_ENTRIES = 4;
/** How many bits of the hash lead from a node of the tree to the next. */
const BITS = 5;
const HASH_BITS = 32;

/**
 * `mutable.Map`, a hash table: by bucket, and within a bucket by hash. It doubles with the entry that would fill three
 * quarters of it.
 */
export function inMutableMapOrder<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  let buckets = FIRST_BUCKETS;
  while (entries.length >= LOAD_FACTOR * buckets) buckets *= 2;
  return entries
    .map((entry) => {
      const hash = javaStringHash(entry[0]);
      return { entry, hash: hash ^ (hash >>> 16) };
    })
    .sort((a, b) => (a.hash & (buckets - 1)) - (b.hash & (buckets - 1)) || a.hash - b.hash)
    .map(({ entry }) => entry);
}

/**
 * `immutable.Map`: as put in up to four entries; from five on a hash trie (CHAMP), each node of which goes through its
 * own entries before it goes into the nodes below.
 */
export function inImmutableMapOrder<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  if (entries.length <= SMALL_MAP_ENTRIES) return [...entries];
  const hashed = entries.map((entry) => ({ entry, hash: improved(javaStringHash(entry[0])) }));
  return trieOrder(hashed, 0).map(({ entry }) => entry);
}

function trieOrder<T extends { readonly hash: number }>(items: readonly T[], shift: number): readonly T[] {
  if (shift >= HASH_BITS) return items;
  const slots = new Map<number, T[]>();
  for (const item of items) {
    const slot = (item.hash >>> shift) & (2 ** BITS - 1);
    slots.set(slot, [...(slots.get(slot) ?? []), item]);
  }
  const inOrder = [...slots].sort(([a], [b]) => a - b).map(([, found]) => found);
  const own = inOrder.filter((found) => found.length === 1).flat();
  const below = inOrder.filter((found) => found.length > 1).flatMap((found) => trieOrder(found, shift + BITS));
  return [...own, ...below];
}

/** `scala.collection.Hashing.improve`: spreads the bits. */
function improved(hashCode: number): number {
  let hash = (hashCode + ~(hashCode << 9)) | 0;
  hash ^= hash >>> 14;
  hash = (hash + (hash << 4)) | 0;
  return hash ^ (hash >>> 10);
}
