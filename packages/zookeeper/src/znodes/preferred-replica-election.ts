/**
 * `/admin/preferred_replica_election`: the preferred replica of these partitions is to lead. Old tools create it, and the
 * controller deletes it when it is done.
 *
 *   {"version":1,"partitions":[{"topic":"foo","partition":0}]}
 *
 * Source: Kafka's PreferredReplicaElectionZNode.
 */
import type { TopicPartition } from '@barnabas/model';
import { readTopicPartitions, writeTopicPartitions } from './topic-partitions-json.ts';

export const PREFERRED_REPLICA_ELECTION_PATH = '/admin/preferred_replica_election';

/** @throws MalformedZnodeError */
export function decodePreferredReplicaElection(data: Uint8Array | null): TopicPartition[] {
  return readTopicPartitions(PREFERRED_REPLICA_ELECTION_PATH, data);
}

export function encodePreferredReplicaElection(partitions: readonly TopicPartition[]): Uint8Array {
  return writeTopicPartitions(partitions);
}
