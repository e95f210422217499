/**
 * Commits offsets of a group as part of a transaction, to the group coordinator; they hold when the transaction is
 * committed.
 */
import { array, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionErrors } from './partition-errors.ts';

const TxnOffsetCommitRequestPartition = struct({
  partitionIndex: int32('0+'),
  committedOffset: int64('0+'),
  committedLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
  committedMetadata: string('0+', { nullable: '0+' }),
});

const TxnOffsetCommitRequestTopic = struct({
  name: string('0+'),
  partitions: array('0+', TxnOffsetCommitRequestPartition),
});

export const TxnOffsetCommitRequest = message('TxnOffsetCommitRequest', '0-4', '3+', {
  transactionalId: string('0+'),
  groupId: string('0+'),
  producerId: int64('0+'),
  producerEpoch: int16('0+'),
  generationId: int32('3+', { default: -1 }),
  memberId: string('3+', { default: '' }),
  groupInstanceId: string('3+', { nullable: '3+', default: null }),
  topics: array('0+', TxnOffsetCommitRequestTopic),
});
export type TxnOffsetCommitRequest = TypeOf<typeof TxnOffsetCommitRequest>;

export const TxnOffsetCommitResponse = message('TxnOffsetCommitResponse', '0-4', '3+', {
  throttleTimeMs: int32('0+'),
  topics: array('0+', TopicPartitionErrors),
});
export type TxnOffsetCommitResponse = TypeOf<typeof TxnOffsetCommitResponse>;
