import type { BrokerId } from '@barnabas/model';
import { inNextEpoch } from '../leader-and-isr.ts';
import type { Election } from './election.ts';
import { type PartitionView, without } from './partition-view.ts';
import { isrWithoutMarked } from './without-marked.ts';

/**
 * Elects the first candidate that is live, in the ISR and not marked, and nobody else. The ISR stays, but for marked
 * brokers and those in `leaving`.
 */
export function electAmong(
  candidates: readonly BrokerId[],
  view: PartitionView,
  leaving: ReadonlySet<BrokerId> = new Set(),
): Election {
  const isr = without(isrWithoutMarked(view), leaving);
  const leader = candidates.find((id) => view.live.has(id) && isr.includes(id) && !view.marked.has(id));
  if (leader === undefined) return { kind: 'notElected', why: 'noneIsEligible' };
  return { kind: 'elected', next: { ...inNextEpoch(view.current, { isr }), leader }, isUnclean: false };
}
