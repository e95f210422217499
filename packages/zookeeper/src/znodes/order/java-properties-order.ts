/**
 * The order in which `java.util.Properties` goes through its entries, which is that of the configurations that Kafka writes:
 * a `ConcurrentHashMap` of 16 buckets at first. Keys are strings, put in one after the other and each once.
 *
 * Not reproduced: 8 or more entries in one bucket of 64 or more become a tree.
 */
import { javaStringHash } from './java-string-hash.ts';

type Hashed<T> = { readonly entry: readonly [string, T]; readonly hash: number };

const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;

export function inPropertiesOrder<T>(entries: Iterable<readonly [string, T]>): (readonly [string, T])[] {
  let buckets: Hashed<T>[][] = emptyBuckets(FIRST_BUCKETS);
  let size = 0;
  for (const entry of entries) {
    const hashCode = javaStringHash(entry[0]);
    const hash = (hashCode ^ (hashCode >>> 16)) & 0x7fffffff;
    buckets[hash & (buckets.length - 1)]?.push({ entry, hash });
    size++;
    if (size >= LOAD_FACTOR * buckets.length) buckets = doubled(buckets);
  }
  return buckets.flat().map(({ entry }) => entry);
}

/**
 * Each bucket is split in two by the next bit of the hash. The run at its end that goes the same way is moved as it is;
 * the entries before it come out in front of it, turned round.
 */
function doubled<T>(buckets: readonly Hashed<T>[][]): Hashed<T>[][] {
  const larger = emptyBuckets<T>(buckets.length * 2);
  for (const bucket of buckets) {
    const runStart = startOfLastRun(bucket, buckets.length);
    for (const item of bucket.slice(runStart)) larger[item.hash & (larger.length - 1)]?.push(item);
    for (const item of bucket.slice(0, runStart)) larger[item.hash & (larger.length - 1)]?.unshift(item);
  }
  return larger;
}

function startOfLastRun<T>(bucket: readonly Hashed<T>[], bit: number): number {
  const last = bucket.at(-1);
  if (last === undefined) return 0;
  return bucket.findLastIndex((item) => (item.hash & bit) !== (last.hash & bit)) + 1;
}

function emptyBuckets<T>(count: number): Hashed<T>[][] {
  return Array.from({ length: count }, () => []);
}
