/** The reassignments that are going on (KIP-455). */
import { array, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionIndexes } from './topic-partitions.ts';

export const ListPartitionReassignmentsRequest = message('ListPartitionReassignmentsRequest', '0', '0+', {
  timeoutMs: int32('0+', { default: 60_000 }),
  topics: array('0+', TopicPartitionIndexes, { nullable: '0+', default: null }),
});
export type ListPartitionReassignmentsRequest = TypeOf<typeof ListPartitionReassignmentsRequest>;

const OngoingPartitionReassignment = struct({
  partitionIndex: int32('0+'),
  replicas: array('0+', int32),
  addingReplicas: array('0+', int32),
  removingReplicas: array('0+', int32),
});

const OngoingTopicReassignment = struct({
  name: string('0+'),
  partitions: array('0+', OngoingPartitionReassignment),
});

export const ListPartitionReassignmentsResponse = message('ListPartitionReassignmentsResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  topics: array('0+', OngoingTopicReassignment),
});
export type ListPartitionReassignmentsResponse = TypeOf<typeof ListPartitionReassignmentsResponse>;
