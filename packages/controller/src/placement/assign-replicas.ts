import { KafkaError } from '@barnabas/model';
import { assignWithRacks } from './assign-with-racks.ts';
import { assignWithoutRacks } from './assign-without-racks.ts';
import type { Placement, PlacementBroker, PlacementStart, RackBroker } from './placement-broker.ts';

/**
 * Places partitions on brokers as Kafka does: leaders and replicas spread evenly, the followers of a broker's partitions
 * spread over the others, and, where the brokers have racks, the replicas of a partition over as many racks as there are.
 *
 * @param brokers different ones. Without racks their order decides; with racks only their names and ids do.
 * @throws KafkaError INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR; UNKNOWN_SERVER_ERROR, as in Kafka, where some of the
 *   brokers have a rack and others have none.
 */
export function assignReplicas(
  brokers: readonly PlacementBroker[],
  partitions: number,
  replicationFactor: number,
  start: PlacementStart,
): Placement {
  requireCounts(brokers.length, partitions, replicationFactor);
  if (brokers.every(({ rack }) => rack === undefined)) {
    const ids = brokers.map(({ id }) => id);
    return assignWithoutRacks(ids, partitions, replicationFactor, start);
  }
  return assignWithRacks(brokers.map(withRack), partitions, replicationFactor, start);
}

function requireCounts(brokerCount: number, partitions: number, replicationFactor: number): void {
  if (partitions < 1) throw new KafkaError('INVALID_PARTITIONS', `A topic cannot have ${partitions} partitions.`);
  if (replicationFactor < 1) {
    throw new KafkaError('INVALID_REPLICATION_FACTOR', `The replication factor cannot be ${replicationFactor}.`);
  }
  if (replicationFactor > brokerCount) {
    const message = `The replication factor ${replicationFactor} needs more than the ${brokerCount} brokers that are there.`;
    throw new KafkaError('INVALID_REPLICATION_FACTOR', message);
  }
}

function withRack({ id, rack }: PlacementBroker): RackBroker {
  if (rack === undefined) {
    throw new KafkaError('UNKNOWN_SERVER_ERROR', `Broker ${id} has no rack while others have one.`);
  }
  return { id, rack };
}
