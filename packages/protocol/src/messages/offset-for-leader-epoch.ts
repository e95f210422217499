/**
 * Where a leader epoch ends in the log of the leader: what a follower or consumer needs to find where its own parts from
 * it (KIP-101, KIP-320).
 */
import { array, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const OffsetForLeaderPartition = struct({
  partition: int32('0+'),
  currentLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
  leaderEpoch: int32('0+'),
});

const OffsetForLeaderTopic = struct({
  topic: string('0+'),
  partitions: array('0+', OffsetForLeaderPartition),
});

export const OffsetForLeaderEpochRequest = message('OffsetForLeaderEpochRequest', '0-4', '4+', {
  /** -1: a consumer, -2: a debugging one. */
  replicaId: int32('3+', { default: -2, ignorable: true }),
  topics: array('0+', OffsetForLeaderTopic),
});
export type OffsetForLeaderEpochRequest = TypeOf<typeof OffsetForLeaderEpochRequest>;

const EpochEndOffset = struct({
  errorCode: int16('0+'),
  partition: int32('0+'),
  leaderEpoch: int32('1+', { default: -1, ignorable: true }),
  endOffset: int64('0+', { default: -1n }),
});

const OffsetForLeaderTopicResult = struct({
  topic: string('0+'),
  partitions: array('0+', EpochEndOffset),
});

export const OffsetForLeaderEpochResponse = message('OffsetForLeaderEpochResponse', '0-4', '4+', {
  throttleTimeMs: int32('2+', { ignorable: true }),
  topics: array('0+', OffsetForLeaderTopicResult),
});
export type OffsetForLeaderEpochResponse = TypeOf<typeof OffsetForLeaderEpochResponse>;
