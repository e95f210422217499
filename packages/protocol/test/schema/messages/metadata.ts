import { array, bool, int16, int32, string, struct, uuid } from '../../../src/schema/field.ts';
import { message } from '../../../src/schema/message.ts';

const MetadataRequestTopic = struct({
  topicId: uuid('10+', { ignorable: true }),
  name: string('0+', { nullable: '10+' }),
});

export const MetadataRequest = message('MetadataRequest', '0-12', '9+', {
  topics: array('0+', MetadataRequestTopic, { nullable: '1+' }),
  allowAutoTopicCreation: bool('4+', { default: true }),
  includeClusterAuthorizedOperations: bool('8-10'),
  includeTopicAuthorizedOperations: bool('8+'),
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

const MetadataBroker = struct({
  nodeId: int32('0+'),
  host: string('0+'),
  port: int32('0+'),
  rack: string('1+', { nullable: '1+', default: null, ignorable: true }),
});

const MetadataResponseTopic = struct({
  errorCode: int16('0+'),
  name: string('0+', { nullable: '12+' }),
  topicId: uuid('10+', { ignorable: true }),
  isInternal: bool('1+', { default: false, ignorable: true }),
  partitions: array('0+', MetadataPartition),
  topicAuthorizedOperations: int32('8+', { default: -2147483648 }),
});

export const MetadataResponse = message('MetadataResponse', '0-12', '9+', {
  throttleTimeMs: int32('3+', { ignorable: true }),
  brokers: array('0+', MetadataBroker),
  clusterId: string('2+', { nullable: '2+', default: null, ignorable: true }),
  controllerId: int32('1+', { default: -1, ignorable: true }),
  topics: array('0+', MetadataResponseTopic),
  clusterAuthorizedOperations: int32('8-10', { default: -2147483648 }),
});
