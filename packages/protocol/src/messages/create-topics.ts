/** Creates topics; the controller answers. */
import { array, bool, int8, int16, int32, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const CreatableReplicaAssignment = struct({
  partitionIndex: int32('0+'),
  brokerIds: array('0+', int32),
});

const CreatableTopicConfig = struct({
  name: string('0+'),
  value: string('0+', { nullable: '0+' }),
});

const CreatableTopic = struct({
  name: string('0+'),
  /** -1 for the default of the broker, and where `assignments` says which there are. */
  numPartitions: int32('0+'),
  /** As for `numPartitions`. */
  replicationFactor: int16('0+'),
  assignments: array('0+', CreatableReplicaAssignment),
  configs: array('0+', CreatableTopicConfig),
});

export const CreateTopicsRequest = message('CreateTopicsRequest', '0-7', '5+', {
  topics: array('0+', CreatableTopic),
  timeoutMs: int32('0+', { default: 60_000 }),
  validateOnly: bool('1+', { default: false }),
});
export type CreateTopicsRequest = TypeOf<typeof CreateTopicsRequest>;

const CreatedTopicConfig = struct({
  name: string('5+'),
  value: string('5+', { nullable: '5+' }),
  readOnly: bool('5+'),
  /** As in DescribeConfigs. */
  configSource: int8('5+', { default: -1 }),
  isSensitive: bool('5+'),
});

const CreatedTopic = struct({
  name: string('0+'),
  topicId: uuid('7+', { ignorable: true }),
  errorCode: int16('0+'),
  errorMessage: string('1+', { nullable: '1+', ignorable: true }),
  /** Why the configuration is not shown to this caller. */
  topicConfigErrorCode: int16('5+', { tag: 0, ignorable: true }),
  numPartitions: int32('5+', { default: -1, ignorable: true }),
  replicationFactor: int16('5+', { default: -1, ignorable: true }),
  configs: array('5+', CreatedTopicConfig, { nullable: '5+', ignorable: true }),
});

export const CreateTopicsResponse = message('CreateTopicsResponse', '0-7', '5+', {
  throttleTimeMs: int32('2+', { ignorable: true }),
  topics: array('0+', CreatedTopic),
});
export type CreateTopicsResponse = TypeOf<typeof CreateTopicsResponse>;
