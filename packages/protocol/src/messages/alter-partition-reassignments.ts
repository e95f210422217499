/** Moves partitions to other brokers (KIP-455). Null replicas cancel a reassignment that is going on. */
import { array, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const ReassignablePartition = struct({
  partitionIndex: int32('0+'),
  replicas: array('0+', int32, { nullable: '0+', default: null }),
});

const ReassignableTopic = struct({
  name: string('0+'),
  partitions: array('0+', ReassignablePartition),
});

export const AlterPartitionReassignmentsRequest = message('AlterPartitionReassignmentsRequest', '0', '0+', {
  timeoutMs: int32('0+', { default: 60_000 }),
  topics: array('0+', ReassignableTopic),
});
export type AlterPartitionReassignmentsRequest = TypeOf<typeof AlterPartitionReassignmentsRequest>;

const ReassignablePartitionResponse = struct({
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
});

const ReassignableTopicResponse = struct({
  name: string('0+'),
  partitions: array('0+', ReassignablePartitionResponse),
});

export const AlterPartitionReassignmentsResponse = message('AlterPartitionReassignmentsResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  responses: array('0+', ReassignableTopicResponse),
});
export type AlterPartitionReassignmentsResponse = TypeOf<typeof AlterPartitionReassignmentsResponse>;
