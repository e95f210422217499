/** Commits offsets of a group. */
import { array, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionErrors } from './partition-errors.ts';

const OffsetCommitRequestPartition = struct({
  partitionIndex: int32('0+'),
  committedOffset: int64('0+'),
  committedLeaderEpoch: int32('6+', { default: -1, ignorable: true }),
  commitTimestamp: int64('1', { default: -1n }),
  committedMetadata: string('0+', { nullable: '0+' }),
});

const OffsetCommitRequestTopic = struct({
  name: string('0+'),
  partitions: array('0+', OffsetCommitRequestPartition),
});

export const OffsetCommitRequest = message('OffsetCommitRequest', '0-9', '8+', {
  groupId: string('0+'),
  /** -1: a group without members. */
  generationIdOrMemberEpoch: int32('1+', { default: -1, ignorable: true }),
  memberId: string('1+', { ignorable: true }),
  groupInstanceId: string('7+', { nullable: '7+', default: null }),
  /** -1: as the broker is configured. */
  retentionTimeMs: int64('2-4', { default: -1n, ignorable: true }),
  topics: array('0+', OffsetCommitRequestTopic),
});
export type OffsetCommitRequest = TypeOf<typeof OffsetCommitRequest>;

export const OffsetCommitResponse = message('OffsetCommitResponse', '0-9', '8+', {
  throttleTimeMs: int32('3+', { ignorable: true }),
  topics: array('0+', TopicPartitionErrors),
});
export type OffsetCommitResponse = TypeOf<typeof OffsetCommitResponse>;
