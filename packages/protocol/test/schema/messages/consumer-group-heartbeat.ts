import { array, int16, int32, nested, string, struct, uuid } from '../../../src/schema/field.ts';
import { message } from '../../../src/schema/message.ts';

const TopicPartitions = struct({
  topicId: uuid('0+'),
  partitions: array('0+', int32),
});

export const ConsumerGroupHeartbeatRequest = message('ConsumerGroupHeartbeatRequest', '0', '0+', {
  groupId: string('0+'),
  memberId: string('0+'),
  memberEpoch: int32('0+'),
  instanceId: string('0+', { nullable: '0+', default: null }),
  rackId: string('0+', { nullable: '0+', default: null }),
  rebalanceTimeoutMs: int32('0+', { default: -1 }),
  subscribedTopicNames: array('0+', string, { nullable: '0+', default: null }),
  serverAssignor: string('0+', { nullable: '0+', default: null }),
  topicPartitions: array('0+', TopicPartitions, { nullable: '0+', default: null }),
});

const Assignment = struct({
  topicPartitions: array('0+', TopicPartitions),
});

export const ConsumerGroupHeartbeatResponse = message('ConsumerGroupHeartbeatResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+', default: null }),
  memberId: string('0+', { nullable: '0+', default: null }),
  memberEpoch: int32('0+'),
  heartbeatIntervalMs: int32('0+'),
  assignment: nested('0+', Assignment, { nullable: '0+', default: null }),
});
