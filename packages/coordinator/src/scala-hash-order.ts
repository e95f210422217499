/**
 * The order in which a `scala.collection.mutable.HashMap` with strings as keys goes through its entries, which is the order of the
 * members in Kafka's group records, and of protocols that have as many votes: by bucket, within a bucket by hash, and among equal hashes as they were put in. The table has
 * 16 buckets at first and twice as many whenever another entry would make it three quarters full.
 *
 * Not reproduced: a table stays large in Scala after entries were removed.
 */
import { javaHash } from './partition-for.ts';

const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;

/** @param items in the order in which they were put in */
export const inScalaHashOrder = <T>(items: readonly T[], keyOf: (item: T) => string): T[] => {
  let buckets = FIRST_BUCKETS;
  while (items.length >= LOAD_FACTOR * buckets) buckets *= 2;
  return items
    .map((item) => {
      const hash = spreadHash(keyOf(item));
      return { item, hash, bucket: hash & (buckets - 1) };
    })
    .sort((a, b) => a.bucket - b.bucket || a.hash - b.hash)
    .map(({ item }) => item);
};

/** `String.hashCode` with its upper half mixed into the lower one. */
const spreadHash = (key: string): number => {
  const hash = javaHash(key);
  return hash ^ (hash >>> 16);
};
