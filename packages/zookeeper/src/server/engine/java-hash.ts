/**
 * The order in which a `java.util.HashSet` of strings goes through its elements. ZooKeeper lists children and deletes the
 * ephemeral znodes of a session in that order, so that clients can see it.
 *
 * An element lies in bucket `spread(hash) & (buckets - 1)`, behind those that came into the same bucket before it. There
 * are twice as many buckets whenever the set becomes fuller than three quarters, and never less again.
 *
 * Not reproduced: 8 or more elements in one bucket of 64 or more become a tree in Java.
 */

const LOAD_FACTOR = 0.75;
const DEFAULT_BUCKETS = 16;

/** `String.hashCode`, over UTF-16 units. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

/** Items in the order of a Java hash table that has `buckets`, a power of two. @param hashed in the order of insertion */
export function inBucketOrder<T>(hashed: ReadonlyMap<T, number>, buckets: number): T[] {
  const ends = new Uint32Array(buckets + 1);
  for (const hash of hashed.values()) {
    const next = bucketOf(hash, buckets) + 1;
    ends[next] = at(ends, next) + 1;
  }
  for (let bucket = 1; bucket <= buckets; bucket++) ends[bucket] = at(ends, bucket) + at(ends, bucket - 1);
  const ordered = new Array<T>(hashed.size);
  for (const [item, hash] of hashed) {
    const bucket = bucketOf(hash, buckets);
    const index = at(ends, bucket);
    ordered[index] = item;
    ends[bucket] = index + 1;
  }
  return ordered;
}

/** Strings, listed as a `HashSet<String>` lists them. */
export class JavaHashSet {
  readonly #hashes = new Map<string, number>();
  #buckets: number;
  /** Undefined after a change. */
  #ordered: readonly string[] | undefined;

  /** @param buckets at first; a power of two */
  constructor(buckets = DEFAULT_BUCKETS) {
    this.#buckets = buckets;
  }

  get size(): number {
    return this.#hashes.size;
  }

  /** Whether it was not there yet. */
  add(text: string): boolean {
    if (this.#hashes.has(text)) return false;
    this.#hashes.set(text, javaStringHash(text));
    if (this.#hashes.size > LOAD_FACTOR * this.#buckets) this.#buckets *= 2;
    this.#ordered = undefined;
    return true;
  }

  delete(text: string): boolean {
    if (!this.#hashes.delete(text)) return false;
    this.#ordered = undefined;
    return true;
  }

  /** In Java's order. A later change of the set does not change what was handed out. */
  values(): readonly string[] {
    this.#ordered ??= inBucketOrder(this.#hashes, this.#buckets);
    return this.#ordered;
  }

  /** In the order of `clone()`: a clone has no more buckets than it needs. */
  valuesOfClone(): readonly string[] {
    const clone = new JavaHashSet(bucketsOfClone(this.size));
    for (const text of this.values()) clone.add(text);
    return clone.values();
  }
}

function bucketsOfClone(size: number): number {
  const wanted = Math.floor(size / LOAD_FACTOR + 1);
  let buckets = 1;
  while (buckets < wanted) buckets *= 2;
  return buckets;
}

function bucketOf(hash: number, buckets: number): number {
  return (hash ^ (hash >>> 16)) & (buckets - 1);
}

function at(numbers: Uint32Array, index: number): number {
  return numbers[index] ?? 0;
}
