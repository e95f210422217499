/**
 * The state that a partition should have, given who is live and who is marked. The controller asks for it when brokers have
 * gone, when brokers have come, and for all partitions when it becomes the controller.
 *
 * - A leader that is there and not marked stays. The ISR loses those that are gone, and marked ones.
 * - Else a leader is elected. Where none can be, the old one leads no more: its epoch ends before anyone is asked where its
 *   log ends, and nothing is appended any longer.
 *
 * A broker that went and came back between two looks (its epoch differs) is first settled as gone, then as come.
 *
 * Kafka does it in two steps, a state without the leader and then the election; here one write does where one is elected.
 */
import { electForOffline, type OfflineElectionOptions } from '../election/elect-for-offline.ts';
import type { Election } from '../election/election.ts';
import type { PartitionView } from '../election/partition-view.ts';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import { removeFromIsr } from './remove-from-isr.ts';

export type Settled = {
  /** The view's own object where there is nothing to write. */
  readonly next: LeaderAndIsr;
  /** Why the partition has no leader; undefined where it has one. */
  readonly waitsFor: Exclude<Election, { readonly kind: 'elected' }> | undefined;
  /** The leader was elected although it may lack acknowledged records. */
  readonly isUnclean: boolean;
};

export function settle(view: PartitionView, options: OfflineElectionOptions): Settled {
  const { current, live, shuttingDown, marked } = view;
  const gone = current.isr.filter((id) => !live.has(id) && !shuttingDown.has(id));
  // All at once: without those that are gone alone, marked ones would be left as the whole ISR, and be elected.
  const reduced = removeFromIsr(current, new Set([...gone, ...marked]));
  if (reduced.leader !== undefined) return { next: reduced, waitsFor: undefined, isUnclean: false };
  const election = electForOffline(view, options);
  if (election.kind === 'elected') return { next: election.next, waitsFor: undefined, isUnclean: election.isUnclean };
  return { next: reduced, waitsFor: election, isUnclean: false };
}
