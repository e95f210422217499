import type { LeaderEpoch, TopicPartition } from '@barnabas/model';
import type {
  AlterPartitionResponse,
  ControlledShutdownResponse,
  ElectLeadersResponse,
  InputOf,
} from '@barnabas/protocol';

export type AlterPartitionAnswer = InputOf<typeof AlterPartitionResponse>;
export type ControlledShutdownAnswer = InputOf<typeof ControlledShutdownResponse>;
export type ElectLeadersAnswer = InputOf<typeof ElectLeadersResponse>;

/** A leader that was elected: brokers hear of it in this epoch. */
export type BegunEpoch = TopicPartition & { readonly leaderEpoch: LeaderEpoch };

/** What has become of an ElectLeaders request; `begun` is what ZooKeeper has taken, of which the brokers are yet to hear. */
export type LeadersElected = { readonly answer: ElectLeadersAnswer; readonly begun: readonly BegunEpoch[] };
