/**
 * The election for a partition whose leader is gone, or that never had one since its brokers came back.
 *
 * 1. The first in the assignment that is live, in the ISR and not marked. ISR: the live ones of those.
 * 2. Else, where all of the ISR are back, every one of them marked: the one whose log goes farthest. ISR: it alone, since
 *    the others may lack what it has. A marked one that is back and cannot use its replica is not waited for: what is damaged
 *    returns by nobody's doing but an operator's, and others can serve the partition (rule 6).
 * 3. Else, if unclean election is allowed: the first live one of the ISR (marked ones, that is), then the first live
 *    replica without a mark, then any. ISR: it alone, and it is recovering.
 *
 * Source: Kafka's Election.leaderForOffline; the mark is ours.
 */
import type { BrokerId } from '@barnabas/model';
import { inNextEpoch } from '../leader-and-isr.ts';
import { farthestLog } from './elect-by-log-end.ts';
import type { Elected, Election, LogEnd, NotElected } from './election.ts';
import { liveIsr, type PartitionView, without } from './partition-view.ts';

export type OfflineElectionOptions = {
  /** `unclean.leader.election.enable` of the topic, or asked for by an operator. */
  readonly allowUnclean: boolean;
  /** What brokers answered that were asked; only answers given since they registered last. */
  readonly logEnds: ReadonlyMap<BrokerId, LogEnd>;
};

export function electForOffline(view: PartitionView, { allowUnclean, logEnds }: OfflineElectionOptions): Election {
  const { current, failed, marked } = view;
  const present = liveIsr(view);
  const [trusted] = without(present, marked);
  if (trusted !== undefined) return electFromIsr(view, trusted);
  const mayReturn = without(current.isr, failed.intersection(marked));
  if (present.length > 0 && present.length === mayReturn.length) return electFromMarked(view, present, logEnds);
  const chosen = allowUnclean ? uncleanChoice(view, present) : undefined;
  if (chosen !== undefined) return electUnclean(view, chosen);
  return { kind: 'notElected', why: whyNot(view, present) };
}

function electFromIsr({ current, live, marked }: PartitionView, leader: BrokerId): Elected {
  const isr = without(current.isr, marked).filter((id) => live.has(id));
  return { kind: 'elected', next: { ...inNextEpoch(current, { isr }), leader }, isUnclean: false };
}

function electFromMarked(
  { current }: PartitionView,
  present: readonly BrokerId[],
  logEnds: ReadonlyMap<BrokerId, LogEnd>,
): Election {
  const leader = present.length === 1 ? present[0] : farthestLog(present, logEnds);
  if (leader === undefined) return { kind: 'askLogEnds', of: present };
  return { kind: 'elected', next: { ...inNextEpoch(current, { isr: [leader] }), leader }, isUnclean: false };
}

function uncleanChoice(
  { assignment, live, marked }: PartitionView,
  present: readonly BrokerId[],
): BrokerId | undefined {
  const replicas = assignment.filter((id) => live.has(id));
  return present[0] ?? without(replicas, marked)[0] ?? replicas[0];
}

function electUnclean({ current }: PartitionView, leader: BrokerId): Elected {
  const next = { ...inNextEpoch(current, { isr: [leader], isRecovering: true }), leader };
  return { kind: 'elected', next, isUnclean: true };
}

function whyNot({ assignment, live }: PartitionView, present: readonly BrokerId[]): NotElected {
  if (present.length > 0) return 'isrIsUnclean';
  return assignment.some((id) => live.has(id)) ? 'isrIsOffline' : 'noReplicaIsLive';
}
