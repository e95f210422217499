import type { ControllerEpoch } from '@barnabas/model';
import type { Cluster } from './cluster/cluster.ts';

/** What gauges show, under the names of Kafka's KafkaController metrics. The numbers are 0 where it is not active. */
export type ControllerStatus = {
  readonly activeControllerCount: 0 | 1;
  /** The last one that is known; undefined before the first election. */
  readonly epoch: ControllerEpoch | undefined;
  readonly eventQueueSize: number;
  readonly activeBrokerCount: number;
  readonly offlinePartitionsCount: number;
  /** Partitions that their preferred replica does not lead. */
  readonly preferredReplicaImbalanceCount: number;
  readonly globalTopicCount: number;
  readonly globalPartitionCount: number;
  readonly topicsToDeleteCount: number;
};

export type ClusterCounts = Pick<
  ControllerStatus,
  | 'activeBrokerCount'
  | 'offlinePartitionsCount'
  | 'preferredReplicaImbalanceCount'
  | 'globalTopicCount'
  | 'globalPartitionCount'
>;

export const NO_COUNTS: ClusterCounts = {
  activeBrokerCount: 0,
  offlinePartitionsCount: 0,
  preferredReplicaImbalanceCount: 0,
  globalTopicCount: 0,
  globalPartitionCount: 0,
};

/** Partitions of topics that are being deleted count neither as offline nor as astray. */
export function countsOf(cluster: Cluster): ClusterCounts {
  const lasting = [...cluster.lastingPartitions()];
  const astray = lasting.filter(({ leaderAndIsr, assignment }) => leaderAndIsr?.leader !== assignment.replicas[0]);
  return {
    activeBrokerCount: cluster.brokers.size,
    offlinePartitionsCount: lasting.filter(({ state }) => state !== 'Online').length,
    preferredReplicaImbalanceCount: astray.length,
    globalTopicCount: cluster.topics.size,
    globalPartitionCount: [...cluster.partitions()].length,
  };
}
