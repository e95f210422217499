import type { BrokerId, Random } from '@barnabas/model';
import { type ReplicaAssignment, randomTopicId, type TopicZnode } from '@barnabas/zookeeper';
import { assignReplicas } from './assign-replicas.ts';
import type { Placement, PlacementBroker } from './placement-broker.ts';

/**
 * A new topic: an id of its own, and its partitions placed from a random start on.
 *
 * @throws KafkaError as assignReplicas
 */
export function newTopic(
  brokers: readonly PlacementBroker[],
  partitions: number,
  replicationFactor: number,
  random: Random,
): TopicZnode {
  const bound = Math.max(1, brokers.length);
  const start = { startIndex: random.below(bound), shift: random.below(bound), startPartitionId: 0 };
  const placement = assignReplicas(brokers.toSorted(byId), partitions, replicationFactor, start);
  return { topicId: randomTopicId(random), partitions: assignmentsOf(placement) };
}

/** What the topic znode says of partitions of which no replica is being added or removed. */
export function assignmentsOf(placement: Placement): ReadonlyMap<number, ReplicaAssignment> {
  return new Map(Array.from(placement, ([partition, replicas]) => [partition, settledAt(replicas)]));
}

export function byId(a: PlacementBroker, b: PlacementBroker): number {
  return a.id - b.id;
}

function settledAt(replicas: readonly BrokerId[]): ReplicaAssignment {
  return { replicas, addingReplicas: [], removingReplicas: [] };
}
