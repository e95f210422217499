import type { ErrorName, LeaderEpoch } from '@barnabas/model';
import type { ClusterView } from '../cluster/cluster-image.ts';
import type { HostedPartitions } from './hosted-partitions.ts';
import type { Partition } from './partition/partition.ts';
import type { AskedPartition } from './replicas.ts';

/**
 * The partition that somebody asks for, or why there is none: NOT_LEADER_OR_FOLLOWER where other brokers have it,
 * INCONSISTENT_TOPIC_ID where ours is of another topic of that name.
 */
export function findPartition(
  hosted: HostedPartitions,
  cluster: ClusterView,
  asked: AskedPartition,
): Partition | ErrorName {
  const found = hosted.get(asked);
  if (found !== undefined) {
    const isOther = asked.topicId !== undefined && found.topicId !== undefined && asked.topicId !== found.topicId;
    return isOther ? 'INCONSISTENT_TOPIC_ID' : found;
  }
  const isElsewhere = cluster.image.topics.get(asked.topic)?.partitions.has(asked.partition) ?? false;
  return isElsewhere ? 'NOT_LEADER_OR_FOLLOWER' : 'UNKNOWN_TOPIC_OR_PARTITION';
}

/** Why the partition cannot be read by who takes it to be led in that epoch; undefined if it can. In Kafka's order. */
export function readFault(
  { role, leaderEpoch }: Partition,
  currentLeaderEpoch: LeaderEpoch | undefined,
  mustLead: boolean,
): ErrorName | undefined {
  if (role.kind === 'offline') return 'KAFKA_STORAGE_ERROR';
  if (currentLeaderEpoch !== undefined && currentLeaderEpoch < leaderEpoch) return 'FENCED_LEADER_EPOCH';
  if (currentLeaderEpoch !== undefined && currentLeaderEpoch > leaderEpoch) return 'UNKNOWN_LEADER_EPOCH';
  return mustLead && role.kind !== 'leader' ? 'NOT_LEADER_OR_FOLLOWER' : undefined;
}
