/**
 * AlterPartition: the leader of a partition proposes another ISR. The checks come in Kafka's order; where Kafka has none,
 * ours are those of its later controller:
 *
 *   the partition is not known                               UNKNOWN_TOPIC_OR_PARTITION
 *   a leader or partition epoch that is yet to come          NOT_CONTROLLER (another controller gave it out)
 *   a leader epoch that is over                              FENCED_LEADER_EPOCH
 *   the asker does not lead                                  INVALID_REQUEST (ours)
 *   what it asks for is already so                           no write, the current state
 *   a partition epoch that is over                           INVALID_UPDATE_VERSION
 *   an ISR without the leader, of a broker twice, or of one
 *     that has no replica                                    INVALID_REQUEST (ours)
 *   recovering with followers in sync, or recovering anew    INVALID_REQUEST
 *   a member that is not live, or lives under another epoch  INELIGIBLE_REPLICA; before version 2 OPERATION_NOT_ATTEMPTED
 *
 * The epoch of each member is the one it gave to its leader when it fetched: a broker that has restarted since may have
 * lost what it is counted for. So a member without an epoch (-1) is not eligible.
 *
 * Source: Kafka's tryProcessAlterPartition, KIP-497, KIP-841, KIP-903.
 */
import type { BrokerEpoch, BrokerId, ErrorName, LeaderEpoch, PartitionEpoch } from '@barnabas/model';
import type { LeaderAndIsr } from '../leader-and-isr.ts';

export type IsrProposal = {
  /** The broker that sent it, and so takes itself for the leader. */
  readonly leader: BrokerId;
  readonly leaderEpoch: LeaderEpoch;
  readonly isr: readonly IsrMember[];
  readonly isRecovering: boolean;
  readonly partitionEpoch: PartitionEpoch;
  /** Of the request: decides by which name one error goes. */
  readonly requestVersion: number;
};

export type IsrMember = { readonly id: BrokerId; readonly epoch: BrokerEpoch };

export type IsrDecision =
  /** `next` is to be written, expecting its partition epoch; a lost race is INVALID_UPDATE_VERSION. */
  | { readonly kind: 'write'; readonly next: LeaderAndIsr }
  | { readonly kind: 'asItIs'; readonly current: LeaderAndIsr }
  | { readonly kind: 'refused'; readonly error: ErrorName };

/** What the controller knows of the partition. */
export type ProposalView = {
  readonly assignment: readonly BrokerId[];
  /** undefined where it has no state yet. */
  readonly current: LeaderAndIsr | undefined;
  /** The brokers that are registered and not shutting down, with their epochs. */
  readonly live: ReadonlyMap<BrokerId, BrokerEpoch>;
};

export function decideProposal(proposal: IsrProposal, { assignment, current, live }: ProposalView): IsrDecision {
  if (current === undefined) return refused('UNKNOWN_TOPIC_OR_PARTITION');
  const fenced = fencedBy(proposal, current);
  if (fenced !== undefined) return refused(fenced);
  if (isAlreadySo(proposal, current)) return { kind: 'asItIs', current };
  if (proposal.partitionEpoch < current.partitionEpoch) return refused('INVALID_UPDATE_VERSION');
  if (!isWellFormed(proposal, assignment) || !mayRecover(proposal, current)) return refused('INVALID_REQUEST');
  if (!proposal.isr.every(({ id, epoch }) => live.get(id) === epoch)) {
    return refused(proposal.requestVersion < 2 ? 'OPERATION_NOT_ATTEMPTED' : 'INELIGIBLE_REPLICA');
  }
  const isr = proposal.isr.map(({ id }) => id);
  return { kind: 'write', next: { ...current, isr, isRecovering: proposal.isRecovering } };
}

function refused(error: ErrorName): IsrDecision {
  return { kind: 'refused', error };
}

function fencedBy(proposal: IsrProposal, current: LeaderAndIsr): ErrorName | undefined {
  const isAhead = proposal.partitionEpoch > current.partitionEpoch || proposal.leaderEpoch > current.leaderEpoch;
  if (isAhead) return 'NOT_CONTROLLER';
  if (proposal.leaderEpoch < current.leaderEpoch) return 'FENCED_LEADER_EPOCH';
  return proposal.leader === current.leader ? undefined : 'INVALID_REQUEST';
}

function isAlreadySo(proposal: IsrProposal, current: LeaderAndIsr): boolean {
  const asked = new Set(proposal.isr.map(({ id }) => id));
  const isSameIsr = proposal.isr.length === current.isr.length && current.isr.every((id) => asked.has(id));
  return isSameIsr && proposal.isRecovering === current.isRecovering;
}

function isWellFormed({ isr, leader }: IsrProposal, assignment: readonly BrokerId[]): boolean {
  const ids = new Set(isr.map(({ id }) => id));
  return ids.size === isr.length && ids.has(leader) && ids.isSubsetOf(new Set(assignment));
}

function mayRecover(proposal: IsrProposal, current: LeaderAndIsr): boolean {
  return !proposal.isRecovering || (current.isRecovering && proposal.isr.length === 1);
}
