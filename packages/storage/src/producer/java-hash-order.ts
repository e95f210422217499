/**
 * The order in which a `java.util.HashMap` with int64 keys goes through its entries, which is the order of Kafka's
 * producer snapshots: by bucket, and within a bucket as they were put in. The table has 16 buckets at first and twice as
 * many whenever it becomes fuller than three quarters.
 *
 * Not reproduced: a table stays large in Java after entries were removed, and 8 or more entries in one bucket of 64 or
 * more become a tree.
 */

const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;

/** @param items in the order in which they were put in */
export function inJavaHashOrder<T>(items: readonly T[], keyOf: (item: T) => number): T[] {
  let buckets = FIRST_BUCKETS;
  while (items.length > LOAD_FACTOR * buckets) buckets *= 2;
  return items
    .map((item) => ({ item, bucket: spreadHash(keyOf(item)) & (buckets - 1) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ item }) => item);
}

/** `Long.hashCode` with the upper half of it mixed into the lower one. */
function spreadHash(key: number): number {
  const hash = Math.floor(key / 2 ** 32) ^ (key >>> 0);
  return hash ^ (hash >>> 16);
}
