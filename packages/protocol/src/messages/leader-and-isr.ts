/** The controller tells a broker which partitions it leads and follows. */
import { array, bool, int8, int16, int32, int64, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const LeaderAndIsrPartitionState = struct({
  topicName: string('0-1', { default: '', ignorable: true }),
  partitionIndex: int32('0+'),
  controllerEpoch: int32('0+'),
  leader: int32('0+'),
  leaderEpoch: int32('0+'),
  isr: array('0+', int32),
  /** The version of the znode of the partition state. */
  partitionEpoch: int32('0+'),
  replicas: array('0+', int32),
  addingReplicas: array('3+', int32, { ignorable: true }),
  removingReplicas: array('3+', int32, { ignorable: true }),
  isNew: bool('1+', { default: false, ignorable: true }),
  /** 0 recovered, 1 recovering from an unclean election. */
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
  /** 0 unknown, 1 incremental, 2 full: all that the broker holds, what is missing is stray (KIP-516). */
  type: int8('5+', { default: 0 }),
  ungroupedPartitionStates: array('0-1', LeaderAndIsrPartitionState, { default: [] }),
  topicStates: array('2+', LeaderAndIsrTopicState, { default: [] }),
  liveLeaders: array('0+', LeaderAndIsrLiveLeader),
});
export type LeaderAndIsrRequest = TypeOf<typeof LeaderAndIsrRequest>;

const LeaderAndIsrPartitionError = struct({
  topicName: string('0-4', { default: '', ignorable: true }),
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
});

const LeaderAndIsrTopicError = struct({
  topicId: uuid('5+'),
  partitionErrors: array('5+', LeaderAndIsrPartitionError),
});

export const LeaderAndIsrResponse = message('LeaderAndIsrResponse', '0-7', '4+', {
  errorCode: int16('0+'),
  partitionErrors: array('0-4', LeaderAndIsrPartitionError, { default: [] }),
  topics: array('5+', LeaderAndIsrTopicError, { default: [] }),
});
export type LeaderAndIsrResponse = TypeOf<typeof LeaderAndIsrResponse>;
