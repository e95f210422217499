import type { TopicPartition } from '@barnabas/model';

/** Which of a leader's fetchers a partition belongs to; Kafka's rule, with Java's hash of the topic. */
export const fetcherSlot = ({ topic, partition }: TopicPartition, fetchers: number): number => {
  let hash = 0;
  for (let at = 0; at < topic.length; at++) hash = (Math.imul(hash, 31) + topic.charCodeAt(at)) | 0;
  return Math.abs((Math.imul(hash, 31) + partition) | 0) % fetchers;
};
