/** Deletes committed offsets of topics to which no member of the group is subscribed (KIP-496). */
import { array, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionErrors } from './partition-errors.ts';

const OffsetDeleteRequestPartition = struct({
  partitionIndex: int32('0+'),
});

const OffsetDeleteRequestTopic = struct({
  name: string('0+'),
  partitions: array('0+', OffsetDeleteRequestPartition),
});

export const OffsetDeleteRequest = message('OffsetDeleteRequest', '0', 'none', {
  groupId: string('0+'),
  topics: array('0+', OffsetDeleteRequestTopic),
});
export type OffsetDeleteRequest = TypeOf<typeof OffsetDeleteRequest>;

export const OffsetDeleteResponse = message('OffsetDeleteResponse', '0', 'none', {
  errorCode: int16('0+'),
  throttleTimeMs: int32('0+'),
  topics: array('0+', TopicPartitionErrors),
});
export type OffsetDeleteResponse = TypeOf<typeof OffsetDeleteResponse>;
