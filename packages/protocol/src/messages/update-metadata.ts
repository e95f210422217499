/**
 * The controller tells a broker of the live brokers and of partitions; what brokers answer to Metadata comes from this.
 */
import { array, bool, int8, int16, int32, int64, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const UpdateMetadataPartitionState = struct({
  topicName: string('0-4', { default: '', ignorable: true }),
  partitionIndex: int32('0+'),
  controllerEpoch: int32('0+'),
  /** -1: none; -2: the topic is being deleted. */
  leader: int32('0+'),
  leaderEpoch: int32('0+'),
  isr: array('0+', int32),
  /** The version of the znode of the partition state. */
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
  /** 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL. */
  securityProtocol: int16('1+'),
});

const UpdateMetadataBroker = struct({
  id: int32('0+'),
  v0Host: string('0', { default: '', ignorable: true }),
  v0Port: int32('0', { default: 0, ignorable: true }),
  endpoints: array('1+', UpdateMetadataEndpoint, { ignorable: true }),
  rack: string('2+', { nullable: '2+', ignorable: true }),
});

export const UpdateMetadataRequest = message('UpdateMetadataRequest', '0-8', '6+', {
  controllerId: int32('0+'),
  isKRaftController: bool('8+', { default: false }),
  /** 0 unknown, 1 incremental, 2 full. */
  type: int8('8+', { tag: 0 }),
  controllerEpoch: int32('0+'),
  brokerEpoch: int64('5+', { default: -1n, ignorable: true }),
  ungroupedPartitionStates: array('0-4', UpdateMetadataPartitionState, { default: [] }),
  topicStates: array('5+', UpdateMetadataTopicState, { default: [] }),
  liveBrokers: array('0+', UpdateMetadataBroker),
});
export type UpdateMetadataRequest = TypeOf<typeof UpdateMetadataRequest>;

export const UpdateMetadataResponse = message('UpdateMetadataResponse', '0-8', '6+', {
  errorCode: int16('0+'),
});
export type UpdateMetadataResponse = TypeOf<typeof UpdateMetadataResponse>;
