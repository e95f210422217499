import { type BrokerId, offset } from '@barnabas/model';
import type { Partition } from './partition/partition.ts';
import type { ReplicaStatus } from './replicas.ts';

/** What the gauges count; Kafka's PartitionCount, LeaderCount and so on. */
export type ReplicaCounts = {
  readonly partitions: number;
  readonly leaders: number;
  readonly underReplicated: number;
  readonly underMinIsr: number;
  readonly offline: number;
};

const NOTHING = offset(0);

export function statusOf(partition: Partition): ReplicaStatus {
  const { topicPartition, role, leadership, leaderEpoch, log } = partition;
  return {
    topicPartition,
    role: role.kind,
    leaderEpoch,
    isr: isrOf(partition),
    logStartOffset: log?.startOffset ?? NOTHING,
    logEndOffset: log?.endOffset ?? NOTHING,
    highWatermark: log?.highWatermark ?? NOTHING,
    sizeBytes: log?.sizeBytes ?? 0,
    isUnderReplicated: isUnderReplicated(partition),
    isUnderMinIsr: leadership?.isUnderMinIsr ?? false,
  };
}

/** Without a look at the logs: cheap for thousands of partitions. */
export function countsOf(partitions: Iterable<Partition>): ReplicaCounts {
  const counts = { partitions: 0, leaders: 0, underReplicated: 0, underMinIsr: 0, offline: 0 };
  for (const partition of partitions) {
    const { role, leadership } = partition;
    counts.partitions++;
    if (role.kind === 'leader') counts.leaders++;
    if (role.kind === 'offline') counts.offline++;
    if (isUnderReplicated(partition)) counts.underReplicated++;
    if (leadership?.isUnderMinIsr) counts.underMinIsr++;
  }
  return counts;
}

const isrOf = ({ role }: Partition): readonly BrokerId[] => {
  if (role.kind === 'leader') return role.leadership.isr;
  return role.kind === 'follower' ? role.isr : [];
};

/** The leader alone knows. */
const isUnderReplicated = ({ leadership }: Partition): boolean =>
  leadership !== undefined && leadership.isr.length < leadership.replicas.length;
