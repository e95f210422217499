import type { Static } from 'typebox';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { Topic } from './topic-schemas.ts';

/** A topic as `GET /v1/topics/{topic}` answers it. */
export const describeTopic = (
  { name, topicId, partitions }: ClusterTopic,
  configs: Record<string, string>,
): Static<typeof Topic> => ({
  name,
  topicId: topicId ?? null,
  partitions: Array.from(partitions, ([partition, { leader, leaderEpoch, replicas, isr }]) => ({
    partition,
    leader: leader ?? null,
    leaderEpoch,
    replicas: [...replicas],
    isr: [...isr],
  })).sort((a, b) => a.partition - b.partition),
  configs,
});
