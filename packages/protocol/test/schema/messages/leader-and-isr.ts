import { array, bool, int8, int16, int32, int64, string, struct, uuid } from '../../../src/schema/field.ts';
import { message } from '../../../src/schema/message.ts';

const LeaderAndIsrPartitionState = struct({
  topicName: string('0-1', { ignorable: true }),
  partitionIndex: int32('0+'),
  controllerEpoch: int32('0+'),
  leader: int32('0+'),
  leaderEpoch: int32('0+'),
  isr: array('0+', int32),
  partitionEpoch: int32('0+'),
  replicas: array('0+', int32),
  addingReplicas: array('3+', int32, { ignorable: true }),
  removingReplicas: array('3+', int32, { ignorable: true }),
  isNew: bool('1+', { default: false, ignorable: true }),
  leaderRecoveryState: int8('6+', { default: 0 }),
});

const LeaderAndIsrTopicState = struct({
  topicName: string('2+'),
  topicId: uuid('5+', { ignorable: true }),
  partitionStates: array('2+', LeaderAndIsrPartitionState),
});

const LeaderAndIsrLiveLeader = struct({
  brokerId: int32('0+'),
  hostName: string('0+'),
  port: int32('0+'),
});

export const LeaderAndIsrRequest = message('LeaderAndIsrRequest', '0-7', '4+', {
  controllerId: int32('0+'),
  isKRaftController: bool('7+', { default: false }),
  controllerEpoch: int32('0+'),
  brokerEpoch: int64('2+', { default: -1n, ignorable: true }),
  type: int8('5+'),
  ungroupedPartitionStates: array('0-1', LeaderAndIsrPartitionState),
  topicStates: array('2+', LeaderAndIsrTopicState),
  liveLeaders: array('0+', LeaderAndIsrLiveLeader),
});

const LeaderAndIsrPartitionError = struct({
  topicName: string('0-4', { ignorable: true }),
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
});

const LeaderAndIsrTopicError = struct({
  topicId: uuid('5+'),
  partitionErrors: array('5+', LeaderAndIsrPartitionError),
});

export const LeaderAndIsrResponse = message('LeaderAndIsrResponse', '0-7', '4+', {
  errorCode: int16('0+'),
  partitionErrors: array('0-4', LeaderAndIsrPartitionError),
  topics: array('5+', LeaderAndIsrTopicError),
});
