import type { BrokerId } from '@barnabas/model';
import { electAmong } from './elect-among.ts';
import type { Election } from './election.ts';
import type { PartitionView } from './partition-view.ts';

/**
 * The election for a partition that moves to the replicas `target`, in their order of preference: the leader has to be one
 * of them before the others may go. Source: Kafka's Election.leaderForReassign.
 */
export function electForReassignment(target: readonly BrokerId[], view: PartitionView): Election {
  return electAmong(target, view);
}
