import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { FetchableReplicas } from '../../replication/replicas.ts';
import type { AskedPartition } from './asked-fetch.ts';

/** The name of the topic that is asked for; undefined for an id that this broker has not heard of. */
export type TopicNames = (asked: AskedPartition) => string | undefined;

export const topicNames =
  (cluster: ClusterView, replicas: Pick<FetchableReplicas, 'topicNameOf'>): TopicNames =>
  ({ topicName, topicId }) => {
    if (topicName !== undefined || topicId === undefined) return topicName;
    return cluster.image.topicNames.get(topicId) ?? replicas.topicNameOf(topicId);
  };
