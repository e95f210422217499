import type { TopicPartition } from '@barnabas/model';

export const recordsPath = ({ topic, partition }: TopicPartition): string =>
  `/v1/topics/${encodeURIComponent(topic)}/partitions/${partition}/records`;
