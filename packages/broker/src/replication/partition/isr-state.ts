/**
 * The in-sync replicas of a partition as its leader sees them. A change is asked of the controller; until its answer it is
 * not known which of the two sets holds, so the leader goes by their union.
 *
 *   committed     -> pendingExpand, pendingShrink   proposed
 *   pending*      -> committed                      accepted, or certainly not applied
 *   pending*      -> unresolved                     the controller goes by another state than we do
 *   unresolved    -> committed                      the controller's own word of that state has come
 *   unresolved    -> pending*                       asked once more, after a long while
 *   any           -> (gone)                         the leader's epoch is over
 *
 * Source: Kafka's PartitionState, KIP-497.
 */
import type { BrokerEpoch, BrokerId, LeaderEpoch, PartitionEpoch, TopicPartition } from '@barnabas/model';

export type IsrMember = { readonly id: BrokerId; readonly epoch: BrokerEpoch };

/** What the controller is asked for. */
export type IsrProposal = {
  readonly topicPartition: TopicPartition;
  readonly topicId: string;
  readonly leaderEpoch: LeaderEpoch;
  /** Of the state that is to be replaced. */
  readonly partitionEpoch: PartitionEpoch;
  /** Each under the epoch of its own fetch; the leader's own is filled in when it is sent. */
  readonly isr: readonly IsrMember[];
};

/** What the controller has answered. What it does not answer is asked again, and is none of these. */
export type IsrAnswer =
  | {
      readonly kind: 'accepted';
      readonly leaderEpoch: LeaderEpoch;
      readonly isr: readonly BrokerId[];
      readonly partitionEpoch: PartitionEpoch;
    }
  /** A member may not be in it: nothing was written, and our partition epoch is the one that holds. */
  | { readonly kind: 'ineligible' }
  /** Our leader epoch or partition epoch is over, or the controller knows no such partition. */
  | { readonly kind: 'outOfDate' };

/** Where proposals go. Each is answered once, unless it is withdrawn. */
export interface IsrProposals {
  propose(proposal: IsrProposal, onAnswer: (answer: IsrAnswer) => void): void;
  withdraw(proposal: IsrProposal): void;
}

export type CommittedIsr = {
  readonly kind: 'committed';
  readonly isr: readonly BrokerId[];
  readonly partitionEpoch: PartitionEpoch;
};

export type PendingIsr = {
  readonly kind: 'pendingExpand' | 'pendingShrink';
  readonly committed: CommittedIsr;
  readonly proposal: IsrProposal;
};

export type UnresolvedIsr = { readonly kind: 'unresolved'; readonly pending: PendingIsr };

export type IsrState = CommittedIsr | PendingIsr | UnresolvedIsr;

/** The last one that is known to have held. */
export const committedOf = (state: IsrState): CommittedIsr => {
  switch (state.kind) {
    case 'committed':
      return state;
    case 'unresolved':
      return state.pending.committed;
    default:
      return state.committed;
  }
};

/** The brokers that may be in the ISR: what counts is on all of them. */
export const maximalIsr = (state: IsrState): readonly BrokerId[] => {
  const { isr } = committedOf(state);
  const pending = state.kind === 'unresolved' ? state.pending : state;
  if (pending.kind !== 'pendingExpand') return isr;
  const joining = pending.proposal.isr.map(({ id }) => id).filter((id) => !isr.includes(id));
  return [...isr, ...joining];
};
