import { array, bool, int8, int16, int32, int64, string, struct, uuid } from '../../../src/schema/field.ts';
import { message } from '../../../src/schema/message.ts';

const UpdateMetadataPartitionState = struct({
  topicName: string('0-4', { ignorable: true }),
  partitionIndex: int32('0+'),
  controllerEpoch: int32('0+'),
  leader: int32('0+'),
  leaderEpoch: int32('0+'),
  isr: array('0+', int32),
  zkVersion: int32('0+'),
  replicas: array('0+', int32),
  offlineReplicas: array('4+', int32, { ignorable: true }),
});

const UpdateMetadataTopicState = struct({
  topicName: string('5+'),
  topicId: uuid('7+', { ignorable: true }),
  partitionStates: array('5+', UpdateMetadataPartitionState),
});

const UpdateMetadataEndpoint = struct({
  port: int32('1+'),
  host: string('1+'),
  listener: string('3+', { ignorable: true }),
  securityProtocol: int16('1+'),
});

const UpdateMetadataBroker = struct({
  id: int32('0+'),
  v0Host: string('0', { ignorable: true }),
  v0Port: int32('0', { ignorable: true }),
  endpoints: array('1+', UpdateMetadataEndpoint, { ignorable: true }),
  rack: string('2+', { nullable: '0+', ignorable: true }),
});

export const UpdateMetadataRequest = message('UpdateMetadataRequest', '0-8', '6+', {
  controllerId: int32('0+'),
  isKRaftController: bool('8+', { default: false }),
  type: int8('8+', { default: 0, tag: 0 }),
  controllerEpoch: int32('0+'),
  brokerEpoch: int64('5+', { default: -1n, ignorable: true }),
  ungroupedPartitionStates: array('0-4', UpdateMetadataPartitionState),
  topicStates: array('5+', UpdateMetadataTopicState),
  liveBrokers: array('0+', UpdateMetadataBroker),
});

export const UpdateMetadataResponse = message('UpdateMetadataResponse', '0-8', '6+', {
  errorCode: int16('0+'),
});
