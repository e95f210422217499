import { type BrokerId, KafkaError } from '@barnabas/model';
import type { MetaProperties } from './meta-properties.ts';

/** A log directory belongs to another cluster. */
export class InconsistentClusterIdError extends KafkaError {
  constructor(file: string, found: string, expected: string) {
    super('INCONSISTENT_CLUSTER_ID', `${file} has cluster.id ${found}, the cluster's is ${expected}`);
  }
}

/** A log directory belongs to another broker. */
export class InconsistentBrokerIdError extends KafkaError {
  constructor(file: string, found: BrokerId, expected: BrokerId) {
    super('INVALID_CONFIG', `${file} has broker.id ${found}, this broker's is ${expected}`);
  }
}

/**
 * Refuses a log directory of another cluster or broker, whose data must be neither served nor changed. What the file
 * does not say is not held against it.
 *
 * @param file for the message
 * @throws InconsistentClusterIdError
 * @throws InconsistentBrokerIdError
 */
export function checkMetaProperties(
  read: MetaProperties,
  expected: { readonly brokerId: BrokerId; readonly clusterId: string },
  file: string,
): void {
  if (read.clusterId !== undefined && read.clusterId !== expected.clusterId) {
    throw new InconsistentClusterIdError(file, read.clusterId, expected.clusterId);
  }
  if (read.brokerId !== undefined && read.brokerId !== expected.brokerId) {
    throw new InconsistentBrokerIdError(file, read.brokerId, expected.brokerId);
  }
}
