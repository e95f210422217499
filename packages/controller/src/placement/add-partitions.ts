import { KafkaError } from '@barnabas/model';
import type { ReplicaAssignment } from '@barnabas/zookeeper';
import { assignReplicas } from './assign-replicas.ts';
import { assignmentsOf, byId } from './new-topic.ts';
import type { PlacementBroker } from './placement-broker.ts';

/**
 * The partitions to add so that the topic has `partitions` of them. They have as many replicas as partition 0 has, and
 * begin at the broker of its first replica (or, where that is gone, the next higher id), so that no chance is needed.
 *
 * @throws KafkaError INVALID_PARTITIONS where it is no increase; UNKNOWN_SERVER_ERROR, as in Kafka, where the topic has no
 *   partition 0; others as assignReplicas
 */
export function addPartitions(
  existing: ReadonlyMap<number, ReplicaAssignment>,
  brokers: readonly PlacementBroker[],
  partitions: number,
): ReadonlyMap<number, ReplicaAssignment> {
  const replicas = existing.get(0)?.replicas ?? [];
  const [firstReplica] = replicas;
  if (firstReplica === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR', 'The topic has no partition 0.');
  if (partitions <= existing.size) {
    const message = `The topic has ${existing.size} partitions; ${partitions} would not be more.`;
    throw new KafkaError('INVALID_PARTITIONS', message);
  }
  const sorted = brokers.toSorted(byId);
  const startIndex = Math.max(
    0,
    sorted.findIndex(({ id }) => id >= firstReplica),
  );
  const start = { startIndex, shift: startIndex, startPartitionId: existing.size };
  return assignmentsOf(assignReplicas(sorted, partitions - existing.size, replicas.length, start));
}
