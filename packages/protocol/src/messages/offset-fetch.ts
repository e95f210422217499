/** The committed offsets of a group; from version 8 on of several. */
import { array, bool, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionIndexes } from './topic-partitions.ts';

const OffsetFetchRequestGroup = struct({
  groupId: string('8+'),
  memberId: string('9+', { nullable: '9+', default: null, ignorable: true }),
  memberEpoch: int32('9+', { default: -1, ignorable: true }),
  topics: array('8+', TopicPartitionIndexes, { nullable: '8+' }),
});

export const OffsetFetchRequest = message('OffsetFetchRequest', '0-9', '6+', {
  groupId: string('0-7', { default: '' }),
  /** Null: all that the group has. */
  topics: array('0-7', TopicPartitionIndexes, { nullable: '2-7', default: [] }),
  groups: array('8+', OffsetFetchRequestGroup, { default: [] }),
  /** UNSTABLE_OFFSET_COMMIT where a transaction has not yet decided on an offset (KIP-447). */
  requireStable: bool('7+', { default: false }),
});
export type OffsetFetchRequest = TypeOf<typeof OffsetFetchRequest>;

const OffsetFetchResponsePartition = struct({
  partitionIndex: int32('0+'),
  /** -1: none. */
  committedOffset: int64('0+'),
  committedLeaderEpoch: int32('5+', { default: -1, ignorable: true }),
  metadata: string('0+', { nullable: '0+' }),
  errorCode: int16('0+'),
});

const OffsetFetchResponseTopic = struct({
  name: string('0+'),
  partitions: array('0+', OffsetFetchResponsePartition),
});

const OffsetFetchResponseGroup = struct({
  groupId: string('8+'),
  topics: array('8+', OffsetFetchResponseTopic),
  errorCode: int16('8+'),
});

export const OffsetFetchResponse = message('OffsetFetchResponse', '0-9', '6+', {
  throttleTimeMs: int32('3+', { ignorable: true }),
  topics: array('0-7', OffsetFetchResponseTopic, { default: [] }),
  errorCode: int16('2-7', { default: 0, ignorable: true }),
  groups: array('8+', OffsetFetchResponseGroup, { default: [] }),
});
export type OffsetFetchResponse = TypeOf<typeof OffsetFetchResponse>;
