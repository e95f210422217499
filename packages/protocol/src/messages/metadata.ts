/**
 * The brokers, the controller, and the leaders and replicas of topics. A null list of topics asks for all of them; in
 * version 0 an empty one does.
 */
import { array, bool, int16, int32, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { AUTHORIZED_OPERATIONS_OMITTED } from './authorized-operations.ts';

const MetadataRequestTopic = struct({
  topicId: uuid('10+', { ignorable: true }),
  name: string('0+', { nullable: '10+' }),
});

export const MetadataRequest = message('MetadataRequest', '0-12', '9+', {
  topics: array('0+', MetadataRequestTopic, { nullable: '1+' }),
  allowAutoTopicCreation: bool('4+', { default: true }),
  includeClusterAuthorizedOperations: bool('8-10', { default: false }),
  includeTopicAuthorizedOperations: bool('8+', { default: false }),
});
export type MetadataRequest = TypeOf<typeof MetadataRequest>;

const MetadataBroker = struct({
  nodeId: int32('0+'),
  host: string('0+'),
  port: int32('0+'),
  rack: string('1+', { nullable: '1+', default: null, ignorable: true }),
});

const MetadataPartition = struct({
  errorCode: int16('0+'),
  partitionIndex: int32('0+'),
  leaderId: int32('0+'),
  leaderEpoch: int32('7+', { default: -1, ignorable: true }),
  replicaNodes: array('0+', int32),
  isrNodes: array('0+', int32),
  offlineReplicas: array('5+', int32, { ignorable: true }),
});

const MetadataResponseTopic = struct({
  errorCode: int16('0+'),
  name: string('0+', { nullable: '12+' }),
  topicId: uuid('10+', { ignorable: true }),
  isInternal: bool('1+', { default: false, ignorable: true }),
  partitions: array('0+', MetadataPartition),
  /** Bits of the ACL operations that the caller is allowed. */
  topicAuthorizedOperations: int32('8+', { default: AUTHORIZED_OPERATIONS_OMITTED }),
});

export const MetadataResponse = message('MetadataResponse', '0-12', '9+', {
  throttleTimeMs: int32('3+', { ignorable: true }),
  brokers: array('0+', MetadataBroker),
  clusterId: string('2+', { nullable: '2+', default: null, ignorable: true }),
  controllerId: int32('1+', { default: -1, ignorable: true }),
  topics: array('0+', MetadataResponseTopic),
  /** Bits of the ACL operations that the caller is allowed. */
  clusterAuthorizedOperations: int32('8-10', { default: AUTHORIZED_OPERATIONS_OMITTED }),
});
export type MetadataResponse = TypeOf<typeof MetadataResponse>;
