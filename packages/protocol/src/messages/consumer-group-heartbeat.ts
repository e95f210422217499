/**
 * All that a member says of the new consumer protocol (KIP-848), which a coordinator of ZooKeeper mode lists but does not serve.
 */
import { array, int16, int32, nested, string, struct, type TypeOf, uuid } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const TopicIdPartitions = struct({
  topicId: uuid('0+'),
  partitions: array('0+', int32),
});

export const ConsumerGroupHeartbeatRequest = message('ConsumerGroupHeartbeatRequest', '0', '0+', {
  groupId: string('0+'),
  memberId: string('0+'),
  /** 0 joins, -1 leaves, -2 leaves for a while as a static member. */
  memberEpoch: int32('0+'),
  instanceId: string('0+', { nullable: '0+', default: null }),
  rackId: string('0+', { nullable: '0+', default: null }),
  rebalanceTimeoutMs: int32('0+', { default: -1 }),
  subscribedTopicNames: array('0+', string, { nullable: '0+', default: null }),
  serverAssignor: string('0+', { nullable: '0+', default: null }),
  /** Null: as in the heartbeat before. */
  topicPartitions: array('0+', TopicIdPartitions, { nullable: '0+', default: null }),
});
export type ConsumerGroupHeartbeatRequest = TypeOf<typeof ConsumerGroupHeartbeatRequest>;

const Assignment = struct({
  topicPartitions: array('0+', TopicIdPartitions),
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
export type ConsumerGroupHeartbeatResponse = TypeOf<typeof ConsumerGroupHeartbeatResponse>;
