/**
 * The states of a partition.
 *
 *   NonExistent -> New -> Online <-> Offline -> NonExistent      also New -> Offline, Online -> Online, Offline -> Offline
 *
 * Source: Kafka's PartitionStateMachine.
 */
import type { BrokerId } from '@barnabas/model';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import { IllegalTransitionError } from './illegal-transition-error.ts';

export type PartitionState =
  | { readonly kind: 'NonExistent' }
  /** Has an assignment, and no state znode yet. */
  | { readonly kind: 'New' }
  | { readonly kind: 'Online'; readonly leaderAndIsr: LeaderAndIsr & { readonly leader: BrokerId } }
  /** Has no leader that is live; without a state znode where none of its brokers was there when it was created. */
  | { readonly kind: 'Offline'; readonly leaderAndIsr: LeaderAndIsr | undefined };

export const PARTITION_TRANSITIONS: Readonly<Record<PartitionState['kind'], readonly PartitionState['kind'][]>> = {
  NonExistent: ['New'],
  New: ['Online', 'Offline'],
  Online: ['Online', 'Offline'],
  Offline: ['Online', 'Offline', 'NonExistent'],
};

/**
 * The state after the transition.
 *
 * @throws IllegalTransitionError
 */
export function movePartition(from: PartitionState, to: PartitionState): PartitionState {
  if (PARTITION_TRANSITIONS[from.kind].includes(to.kind)) return to;
  throw new IllegalTransitionError('a partition', from.kind, to.kind);
}

/** Online where the leader is one of the live brokers. */
export function stateOf(leaderAndIsr: LeaderAndIsr, live: ReadonlySet<BrokerId>): PartitionState {
  const { leader } = leaderAndIsr;
  if (leader === undefined || !live.has(leader)) return { kind: 'Offline', leaderAndIsr };
  return { kind: 'Online', leaderAndIsr: { ...leaderAndIsr, leader } };
}
