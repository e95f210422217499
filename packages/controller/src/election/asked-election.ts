import type { ErrorName } from '@barnabas/model';
import type { PartitionView } from './partition-view.ts';

/** What an operator may ask for with ElectLeaders. */
export type AskedElection = 'preferred' | 'unclean';

/** Whether there is something to elect; ELECTION_NOT_NEEDED otherwise. Source: Kafka's processReplicaLeaderElection. */
export function isElectionNeeded(asked: AskedElection, { assignment, current, live }: PartitionView): boolean {
  switch (asked) {
    case 'preferred':
      return current.leader !== assignment[0];
    case 'unclean':
      return current.leader === undefined || !live.has(current.leader);
  }
}

/** The answer where nobody could be elected. */
export const NOT_ELECTED_ERROR: Readonly<Record<AskedElection, ErrorName>> = {
  preferred: 'PREFERRED_LEADER_NOT_AVAILABLE',
  unclean: 'ELIGIBLE_LEADERS_NOT_AVAILABLE',
};
