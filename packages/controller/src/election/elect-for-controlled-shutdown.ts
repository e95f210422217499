import { electAmong } from './elect-among.ts';
import type { Election } from './election.ts';
import type { PartitionView } from './partition-view.ts';

/**
 * The election for a partition whose leader is about to stop: another one of the ISR leads, and all that are shutting down
 * leave the ISR. Source: Kafka's Election.leaderForControlledShutdown.
 */
export function electForControlledShutdown(view: PartitionView): Election {
  return electAmong(view.assignment, view, view.shuttingDown);
}
