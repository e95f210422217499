import { KafkaError } from '@barnabas/model';
import type { FetchedPiece } from './fetched-piece.ts';
import { type FetchedReplica, isSamePosition } from './fetched-replica.ts';
import type { LeaderEnds } from './leader-ends.ts';
import { LeaderRefusedError } from './leader-refused-error.ts';

/**
 * Has the log take what the leader answered: records appended, or, where the logs part, its own cut (rule 4).
 *
 * @throws LeaderRefusedError; what FollowedPartition throws; CORRUPT_MESSAGE where the logs are said to part and nothing is
 *   left to cut
 */
export const applyPiece = async (replica: FetchedReplica, piece: FetchedPiece): Promise<void> => {
  const { partition, leaderEpoch, position } = replica;
  switch (piece.kind) {
    case 'records':
      return partition.append(leaderEpoch, piece.fetched);
    case 'diverging': {
      await partition.truncateToDiverging(leaderEpoch, piece.diverging);
      if (!isSamePosition(position, replica.position)) return;
      throw new KafkaError('CORRUPT_MESSAGE', 'the leader says that the logs part, but there is nothing to cut');
    }
    case 'refused':
      throw new LeaderRefusedError(piece.error);
  }
};

/**
 * Brings a log whose end the leader does not have back into the leader's: the leader lost more, in an unclean election, or
 * has removed what comes next.
 *
 * @throws what FollowedPartition throws; LeaderRefusedError where the log lies within the leader's
 */
export const returnIntoRange = async (replica: FetchedReplica, leader: LeaderEnds): Promise<void> => {
  const { partition, leaderEpoch } = replica;
  if (leader.endOffset < partition.logEndOffset) return partition.truncateTo(leaderEpoch, leader.endOffset);
  if (leader.startOffset > partition.logEndOffset) {
    return partition.truncateFullyAndStartAt(leaderEpoch, leader.startOffset);
  }
  throw new LeaderRefusedError('OFFSET_OUT_OF_RANGE');
};
