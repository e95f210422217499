import type { BrokerId } from '@barnabas/model';
import { electForControlledShutdown } from '../election/elect-for-controlled-shutdown.ts';
import type { PartitionView } from '../election/partition-view.ts';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import { removeFromIsr } from './remove-from-isr.ts';

/** What becomes of a partition of which a broker that is about to stop has a replica. */
export type ShutdownStep =
  /** The broker has no part in it, or the partition has no other replica. */
  | { readonly kind: 'nothingToDo' }
  | { readonly kind: 'changed'; readonly next: LeaderAndIsr }
  /** Nobody else can lead; the broker asks again, or stops all the same. */
  | { readonly kind: 'stillLeads' };

/**
 * @param view with the broker among those that are shutting down, and not among the live ones
 *
 * Source: Kafka's doControlledShutdown.
 */
export function stepOfShutdown(view: PartitionView, broker: BrokerId): ShutdownStep {
  const { assignment, current } = view;
  if (assignment.length < 2) return { kind: 'nothingToDo' };
  if (current.leader === broker) return handOver(view);
  const next = removeFromIsr(current, new Set([broker]));
  return next === current ? { kind: 'nothingToDo' } : { kind: 'changed', next };
}

function handOver(view: PartitionView): ShutdownStep {
  const election = electForControlledShutdown(view);
  return election.kind === 'elected' ? { kind: 'changed', next: election.next } : { kind: 'stillLeads' };
}
