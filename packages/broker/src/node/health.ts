import type { BrokerId } from '@barnabas/model';
import type { ClusterImage } from '../cluster/cluster-image.ts';
import type { ReplicaStatus } from '../replication/replicas.ts';

/** Where a broker is in its life. */
export type Phase = 'starting' | 'running' | 'stopping' | 'failed';

export type Fitness = {
  readonly brokerId: BrokerId;
  readonly phase: Phase;
  readonly image: ClusterImage;
  readonly replicas: Iterable<ReplicaStatus>;
};

/** As the doors tell it: `live`, it should go on running; `ready`, it should be sent requests. */
export type HealthReport = { readonly live: boolean; readonly ready: boolean; readonly reasons: readonly string[] };

/**
 * A broker is ready while it is registered, knows its cluster, and leads or follows every partition that the controller has
 * given it. Without a session with ZooKeeper it goes on, and so it stays ready.
 */
export function healthOf({ brokerId, phase, image, replicas }: Fitness): HealthReport {
  const live = phase !== 'failed';
  if (phase !== 'running') return { live, ready: false, reasons: [`it is ${phase}`] };
  if (!image.brokers.has(brokerId))
    return { live, ready: false, reasons: ['the controller has not told it of the cluster'] };
  const idle = idlePartitions(brokerId, image, replicas);
  if (idle === 0) return { live, ready: true, reasons: [] };
  return { live, ready: false, reasons: [`it does not yet lead or follow ${idle} of its partitions`] };
}

/** Partitions with a leader of which this broker should have a replica that leads or follows, and has none. */
function idlePartitions(brokerId: BrokerId, image: ClusterImage, replicas: Iterable<ReplicaStatus>): number {
  const atWork = new Set<string>();
  for (const { topicPartition, role } of replicas) {
    if (role === 'leader' || role === 'follower') atWork.add(keyOf(topicPartition.topic, topicPartition.partition));
  }
  let idle = 0;
  for (const { name, partitions } of image.topics.values()) {
    for (const [partition, { leader, replicas: assigned, offlineReplicas }] of partitions) {
      const isDue = leader !== undefined && assigned.includes(brokerId) && !offlineReplicas.includes(brokerId);
      if (isDue && !atWork.has(keyOf(name, partition))) idle += 1;
    }
  }
  return idle;
}

const keyOf = (topic: string, partition: number): string => `${topic}-${partition}`;
