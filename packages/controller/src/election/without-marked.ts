import type { BrokerId } from '@barnabas/model';
import { type PartitionView, without } from './partition-view.ts';

/**
 * The ISR that goes into an election: without the marked brokers, where a member that is not marked is there to lead.
 *
 * Where none is there, all stay. The one that left last may have lost more than the one that is back already; only once
 * all have returned can it be said whose log goes farthest, and a member taken out would be forgotten by then.
 */
export function isrWithoutMarked({ current, live, shuttingDown, marked }: PartitionView): readonly BrokerId[] {
  const trusted = without(current.isr, marked);
  return trusted.some((id) => live.has(id) || shuttingDown.has(id)) ? trusted : current.isr;
}
