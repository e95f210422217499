import type { BrokerId } from '@barnabas/model';
import type { LeaderAndIsr } from '../leader-and-isr.ts';

/** All that an election or a change of state needs to know of a partition. */
export type PartitionView = {
  /** The replicas, in order of preference. */
  readonly assignment: readonly BrokerId[];
  readonly current: LeaderAndIsr;
  /** Brokers that are registered, are not shutting down, and whose directory with this replica can be used. */
  readonly live: ReadonlySet<BrokerId>;
  /** Brokers that asked to shut down and are still there: they may go on leading, and are not elected. */
  readonly shuttingDown: ReadonlySet<BrokerId>;
  /** Brokers that are registered and cannot use their replica: it is damaged, or its directory has failed. */
  readonly failed: ReadonlySet<BrokerId>;
  /** Brokers whose replica of this partition may lack what it had acknowledged: see UncleanReplicas. */
  readonly marked: ReadonlySet<BrokerId>;
};

/** The brokers without those of the set, in their order. */
export function without(brokers: readonly BrokerId[], out: ReadonlySet<BrokerId>): readonly BrokerId[] {
  return brokers.filter((id) => !out.has(id));
}

/** The members of the ISR that are live, in the order of preference. */
export function liveIsr({ assignment, current, live }: PartitionView): readonly BrokerId[] {
  return assignment.filter((id) => live.has(id) && current.isr.includes(id));
}
