/**
 * Who leads a partition and who is in sync, as the controller keeps it in memory: the content of the state znode and, as
 * the partition epoch, its version. A change raises the leader epoch and keeps the partition epoch, which is the version
 * that the write then expects; `afterWrite` is what holds once the write is done.
 *
 * Source: Kafka's LeaderAndIsr.
 */
import {
  type BrokerId,
  type ControllerEpoch,
  type LeaderEpoch,
  leaderEpoch,
  type PartitionEpoch,
  partitionEpoch,
} from '@barnabas/model';
import type { PartitionState as PartitionStateZnode } from '@barnabas/zookeeper';

export type LeaderAndIsr = {
  readonly leader: BrokerId | undefined;
  readonly leaderEpoch: LeaderEpoch;
  /** Never empty. Invariant: the leader, where there is one, is in it. */
  readonly isr: readonly BrokerId[];
  /** The leader was elected from outside of the ISR, and has not yet said that it has recovered. */
  readonly isRecovering: boolean;
  readonly partitionEpoch: PartitionEpoch;
};

/** The first state of a partition: its znode is yet to be created. */
export function initialLeaderAndIsr(leader: BrokerId, isr: readonly BrokerId[]): LeaderAndIsr {
  return { leader, leaderEpoch: leaderEpoch(0), isr, isRecovering: false, partitionEpoch: partitionEpoch(0) };
}

/** A next state that a new leader epoch begins with: brokers act upon no state that does not raise it. */
export function inNextEpoch(
  current: LeaderAndIsr,
  changed: Partial<Pick<LeaderAndIsr, 'leader' | 'isr' | 'isRecovering'>>,
): LeaderAndIsr {
  return { ...current, ...changed, leaderEpoch: leaderEpoch(current.leaderEpoch + 1) };
}

/** What holds once ZooKeeper has taken a setData of `next`. */
export function afterWrite(next: LeaderAndIsr): LeaderAndIsr {
  return { ...next, partitionEpoch: partitionEpoch(next.partitionEpoch + 1) };
}

/** The znode that the controller of this epoch writes. */
export function toZnode(state: LeaderAndIsr, controllerEpoch: ControllerEpoch): PartitionStateZnode {
  const { leader, leaderEpoch, isr, isRecovering } = state;
  return { leader, leaderEpoch, controllerEpoch, isr, isRecovering };
}

/** What the controller keeps of a znode at this version. */
export function fromZnode(znode: PartitionStateZnode, version: number): LeaderAndIsr {
  const { leader, leaderEpoch, isr, isRecovering } = znode;
  return { leader, leaderEpoch, isr, isRecovering, partitionEpoch: partitionEpoch(version) };
}
