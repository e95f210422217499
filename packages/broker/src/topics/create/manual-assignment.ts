import { type BrokerId, brokerId, KafkaError } from '@barnabas/model';
import type { ReplicaAssignment } from '@barnabas/zookeeper';

type AskedPartition = { readonly partition: number; readonly brokerIds: readonly number[] };

/**
 * The replicas of partitions as somebody has placed them, the partitions being `first` and those after it without a gap.
 *
 * @param replicationFactor that each must have; undefined for that of the first one
 * @throws KafkaError INVALID_REPLICA_ASSIGNMENT
 */
export function manualAssignment(
  asked: readonly AskedPartition[],
  brokers: ReadonlySet<BrokerId>,
  first: number,
  replicationFactor = asked[0]?.brokerIds.length ?? 0,
): ReadonlyMap<number, ReplicaAssignment> {
  const byPartition = new Map<number, ReplicaAssignment>();
  for (const { partition, brokerIds } of asked) {
    if (byPartition.has(partition)) throw refused(`partition ${partition} is placed twice`);
    byPartition.set(partition, settled(partition, brokerIds, brokers));
    if (brokerIds.length !== replicationFactor) {
      const numbers = `partition ${partition} has ${brokerIds.length}, others have ${replicationFactor}`;
      throw refused(`every partition needs the same number of replicas; ${numbers}`);
    }
  }
  const missing = asked.findIndex((_, index) => !byPartition.has(first + index));
  if (missing >= 0)
    throw refused(`the partitions have to be ${first} and those after it; ${first + missing} is missing`);
  return byPartition;
}

function settled(partition: number, ids: readonly number[], brokers: ReadonlySet<BrokerId>): ReplicaAssignment {
  if (ids.length === 0) throw refused(`partition ${partition} needs a replica`);
  const replicas = ids.map(brokerId);
  const unknown = replicas.find((id) => !brokers.has(id));
  if (unknown !== undefined) throw refused(`partition ${partition} names broker ${unknown}, which is not there`);
  if (new Set(replicas).size < replicas.length) throw refused(`partition ${partition} names a broker twice`);
  return { replicas, addingReplicas: [], removingReplicas: [] };
}

function refused(problem: string): KafkaError {
  return new KafkaError('INVALID_REPLICA_ASSIGNMENT', `The replicas cannot be placed like this: ${problem}.`);
}
