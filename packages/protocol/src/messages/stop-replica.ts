/** The controller tells a broker to stop following partitions, and maybe to delete them. */
import { array, bool, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionIndexes } from './topic-partitions.ts';

const StopReplicaPartitionV0 = struct({
  topicName: string('0+'),
  partitionIndex: int32('0+'),
});

const StopReplicaPartitionState = struct({
  partitionIndex: int32('3+'),
  /** -2: the topic is being deleted, whatever the epoch. */
  leaderEpoch: int32('3+', { default: -1 }),
  deletePartition: bool('3+'),
});

const StopReplicaTopicState = struct({
  topicName: string('3+'),
  partitionStates: array('3+', StopReplicaPartitionState),
});

export const StopReplicaRequest = message('StopReplicaRequest', '0-4', '2+', {
  controllerId: int32('0+'),
  isKRaftController: bool('4+', { default: false }),
  controllerEpoch: int32('0+'),
  brokerEpoch: int64('1+', { default: -1n, ignorable: true }),
  deletePartitions: bool('0-2', { default: false }),
  ungroupedPartitions: array('0', StopReplicaPartitionV0, { default: [] }),
  topics: array('1-2', TopicPartitionIndexes, { default: [] }),
  topicStates: array('3+', StopReplicaTopicState, { default: [] }),
});
export type StopReplicaRequest = TypeOf<typeof StopReplicaRequest>;

const StopReplicaPartitionError = struct({
  topicName: string('0+'),
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
});

export const StopReplicaResponse = message('StopReplicaResponse', '0-4', '2+', {
  errorCode: int16('0+'),
  partitionErrors: array('0+', StopReplicaPartitionError),
});
export type StopReplicaResponse = TypeOf<typeof StopReplicaResponse>;
