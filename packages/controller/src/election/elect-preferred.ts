import { electAmong } from './elect-among.ts';
import type { Election } from './election.ts';
import type { PartitionView } from './partition-view.ts';

/** Gives the partition back to its preferred leader, the head of the assignment. Source: Kafka's Election. */
export function electPreferred(view: PartitionView): Election {
  return electAmong(view.assignment.slice(0, 1), view);
}
