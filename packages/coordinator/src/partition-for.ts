/**
 * The partition of `__consumer_offsets` that keeps a group, and so the broker that coordinates it: the absolute value of Java's
 * `String.hashCode` modulo the number of partitions.
 *
 * @param partitions of `__consumer_offsets`, at least 1
 */
export const partitionFor = (groupId: string, partitions: number): number => javaAbs(javaHash(groupId)) % partitions;

/** `String.hashCode` of Java: over UTF-16 units, in int32 arithmetic. */
export const javaHash = (text: string): number => {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
};

const INT32_MIN = -0x8000_0000;

/** Kafka's: the one int32 whose absolute value is none counts as 0. */
const javaAbs = (value: number): number => (value === INT32_MIN ? 0 : Math.abs(value));
