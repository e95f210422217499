import type { BrokerId, LeaderEpoch, PartitionEpoch, TopicPartition } from '@barnabas/model';

/** What the controller has said of a partition: who has replicas of it, who leads, who is in sync. */
export type Assignment = {
  readonly topicPartition: TopicPartition;
  readonly topicId: string | undefined;
  /** undefined where there is none. */
  readonly leader: BrokerId | undefined;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly BrokerId[];
  readonly replicas: readonly BrokerId[];
  /** The partition is being created. */
  readonly isNew: boolean;
};
