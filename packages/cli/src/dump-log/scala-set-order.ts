/**
 * The order in which a `mutable.HashSet` of Scala 2.13 goes through its elements: by bucket, and within a bucket by hash.
 * Kafka's tool prints the partitions of a transaction in it. How many buckets there are depends on how the elements came:
 * here in groups, each an immutable set.
 */
import { formatTopicPartition, type TopicPartition } from '@barnabas/model';

const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;
/** An immutable set of up to as many is none with hashes, and is added element by element. */
const SMALL_SET = 4;

/** `String.hashCode`. */
const hashOfString = (text: string): number => {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
};

/** `TopicPartition.hashCode`, with its upper half mixed into the lower one. */
const spreadHash = ({ topic, partition }: TopicPartition): number => {
  const hash = (Math.imul(31, 31 + partition) + hashOfString(topic)) | 0;
  return hash ^ (hash >>> 16);
};

/** The least power of two, but 8 or more, that is not below `count`. */
const bucketsFor = (count: number): number => {
  let buckets = 8;
  while (buckets < count) buckets *= 2;
  return buckets;
};

/** Once each, in Scala's order. @param groups what is added at once, one group after the other */
export const inScalaSetOrder = (groups: readonly (readonly TopicPartition[])[]): TopicPartition[] => {
  const elements = new Map<string, TopicPartition>();
  let buckets = FIRST_BUCKETS;
  for (const group of groups) {
    const added = new Map(group.map((element) => [formatTopicPartition(element), element]));
    buckets = Math.max(buckets, bucketsFor(Math.floor((added.size + 1) / LOAD_FACTOR)));
    for (const [name, element] of added) {
      if (added.size <= SMALL_SET && elements.size + 1 >= LOAD_FACTOR * buckets) buckets *= 2;
      if (!elements.has(name)) elements.set(name, element);
    }
  }
  return [...elements.values()]
    .map((element) => ({ element, hash: spreadHash(element), bucket: spreadHash(element) & (buckets - 1) }))
    .sort((a, b) => a.bucket - b.bucket || a.hash - b.hash)
    .map(({ element }) => element);
};
