/**
 * Describes groups of the new consumer protocol (KIP-848), which a coordinator of ZooKeeper mode lists but does not serve.
 */
import { array, bool, int16, int32, nested, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { AUTHORIZED_OPERATIONS_OMITTED } from './authorized-operations.ts';

export const ConsumerGroupDescribeRequest = message('ConsumerGroupDescribeRequest', '0', '0+', {
  groupIds: array('0+', string),
  includeAuthorizedOperations: bool('0+'),
});
export type ConsumerGroupDescribeRequest = TypeOf<typeof ConsumerGroupDescribeRequest>;

const AssignedTopic = struct({
  topicId: uuid('0+'),
  topicName: string('0+'),
  partitions: array('0+', int32),
});

const MemberAssignment = struct({
  topicPartitions: array('0+', AssignedTopic),
});

const ConsumerGroupMember = struct({
  memberId: string('0+'),
  instanceId: string('0+', { nullable: '0+', default: null }),
  rackId: string('0+', { nullable: '0+', default: null }),
  memberEpoch: int32('0+'),
  clientId: string('0+'),
  clientHost: string('0+'),
  subscribedTopicNames: array('0+', string),
  subscribedTopicRegex: string('0+', { nullable: '0+', default: null }),
  assignment: nested('0+', MemberAssignment),
  targetAssignment: nested('0+', MemberAssignment),
});

const DescribedConsumerGroup = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+', default: null }),
  groupId: string('0+'),
  groupState: string('0+'),
  groupEpoch: int32('0+'),
  assignmentEpoch: int32('0+'),
  assignorName: string('0+'),
  members: array('0+', ConsumerGroupMember),
  /** Bits of the ACL operations that the caller is allowed. */
  authorizedOperations: int32('0+', { default: AUTHORIZED_OPERATIONS_OMITTED }),
});

export const ConsumerGroupDescribeResponse = message('ConsumerGroupDescribeResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  groups: array('0+', DescribedConsumerGroup),
});
export type ConsumerGroupDescribeResponse = TypeOf<typeof ConsumerGroupDescribeResponse>;
