import { KafkaError } from '@barnabas/model';
import { PeerError } from '@barnabas/transport';
import { FollowingEndedError } from '../followed-partition.ts';
import { LeaderRefusedError } from './leader-refused-error.ts';

/**
 * What becomes of a partition after an error. `retry`: it backs off and is fetched again. `superseded`: another epoch has
 * begun, on the leader's side or on this one; LeaderAndIsr will tell. `broken`: its log cannot be written, or something
 * happened that nobody foresaw; it stays away until it is followed anew.
 */
export type AfterFailure = 'retry' | 'superseded' | 'broken';

export const afterFailure = (error: unknown): AfterFailure => {
  if (error instanceof FollowingEndedError) return 'superseded';
  if (error instanceof LeaderRefusedError) return error.error === 'FENCED_LEADER_EPOCH' ? 'superseded' : 'retry';
  if (error instanceof PeerError) return 'retry';
  if (!(error instanceof KafkaError)) return 'broken';
  switch (error.error) {
    case 'KAFKA_STORAGE_ERROR':
      return 'broken';
    // The log has been closed under it.
    case 'NOT_LEADER_OR_FOLLOWER':
      return 'superseded';
    default:
      return 'retry';
  }
};
