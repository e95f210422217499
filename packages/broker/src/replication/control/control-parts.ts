import type { BrokerId, TopicPartition } from '@barnabas/model';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { Fetchers } from '../followed-partition.ts';
import type { HostedPartitions } from '../hosted-partitions.ts';
import type { Partition } from '../partition/partition.ts';
import type { ReplicaLogs } from '../replica-logs.ts';
import type { FirstRequests } from './first-requests.ts';

/** What the controller's requests act on. */
export type ControlParts = {
  readonly localId: BrokerId;
  readonly cluster: ClusterView;
  readonly hosted: HostedPartitions;
  readonly logs: ReplicaLogs;
  readonly firstRequests: FirstRequests;
  readonly fetchers: Fetchers;
  readonly logger: Logger;
  /** Adds a partition that this broker has been given a replica of. */
  readonly host: (topicPartition: TopicPartition, topicId: string | undefined) => Partition;
};
