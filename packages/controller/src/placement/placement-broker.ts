import type { BrokerId } from '@barnabas/model';

/** A broker that can be given replicas. */
export type PlacementBroker = {
  readonly id: BrokerId;
  /** `broker.rack`; either all brokers have one, or none is heeded. */
  readonly rack: string | undefined;
};

export type RackBroker = PlacementBroker & { readonly rack: string };

/** Where a placement begins; chance decides it for a new topic, so that not all topics begin at the same broker. */
export type PlacementStart = {
  /** Index in the list of brokers at which the leader of partition 0 is put. */
  readonly startIndex: number;
  /** How far, beyond the next one, the followers of the first round lie from their leader. */
  readonly shift: number;
  /** The first partition that is placed. */
  readonly startPartitionId: number;
};

/** The replicas of each partition, the preferred leader first. */
export type Placement = ReadonlyMap<number, readonly BrokerId[]>;
