/**
 * A member joins a classic group, or joins again. The answer waits until all have joined; the leader gets all members and
 * assigns partitions, which it sends with SyncGroup.
 */
import { array, bool, bytes, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const JoinGroupRequestProtocol = struct({
  name: string('0+'),
  metadata: bytes('0+'),
});

export const JoinGroupRequest = message('JoinGroupRequest', '0-9', '6+', {
  groupId: string('0+'),
  sessionTimeoutMs: int32('0+'),
  rebalanceTimeoutMs: int32('1+', { default: -1, ignorable: true }),
  /** Empty on the first try, which from version 4 on gives the id and MEMBER_ID_REQUIRED (KIP-394). */
  memberId: string('0+'),
  /** Of a static member (KIP-345). */
  groupInstanceId: string('5+', { nullable: '5+', default: null }),
  protocolType: string('0+'),
  /** In the order in which the member prefers them. */
  protocols: array('0+', JoinGroupRequestProtocol),
  reason: string('8+', { nullable: '8+', default: null, ignorable: true }),
});
export type JoinGroupRequest = TypeOf<typeof JoinGroupRequest>;

const JoinGroupResponseMember = struct({
  memberId: string('0+'),
  groupInstanceId: string('5+', { nullable: '5+', default: null, ignorable: true }),
  metadata: bytes('0+'),
});

export const JoinGroupResponse = message('JoinGroupResponse', '0-9', '6+', {
  throttleTimeMs: int32('2+', { ignorable: true }),
  errorCode: int16('0+'),
  generationId: int32('0+', { default: -1 }),
  protocolType: string('7+', { nullable: '7+', default: null, ignorable: true }),
  protocolName: string('0+', { nullable: '7+' }),
  leader: string('0+'),
  skipAssignment: bool('9+', { default: false }),
  memberId: string('0+'),
  /** For the leader; empty for all others. */
  members: array('0+', JoinGroupResponseMember),
});
export type JoinGroupResponse = TypeOf<typeof JoinGroupResponse>;
