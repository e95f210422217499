/** The state of groups of the classic protocol, with their members. */
import { array, bool, bytes, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { AUTHORIZED_OPERATIONS_OMITTED } from './authorized-operations.ts';

export const DescribeGroupsRequest = message('DescribeGroupsRequest', '0-5', '5+', {
  groups: array('0+', string),
  includeAuthorizedOperations: bool('3+', { default: false }),
});
export type DescribeGroupsRequest = TypeOf<typeof DescribeGroupsRequest>;

const DescribedGroupMember = struct({
  memberId: string('0+'),
  groupInstanceId: string('4+', { nullable: '4+', default: null, ignorable: true }),
  clientId: string('0+'),
  clientHost: string('0+'),
  /** What the member said when it joined, under the protocol that was chosen. */
  memberMetadata: bytes('0+'),
  memberAssignment: bytes('0+'),
});

const DescribedGroup = struct({
  errorCode: int16('0+'),
  groupId: string('0+'),
  groupState: string('0+'),
  protocolType: string('0+'),
  /** The protocol (the assignor, for consumers) that was chosen; empty unless the group is stable. */
  protocolData: string('0+'),
  members: array('0+', DescribedGroupMember),
  /** Bits of the ACL operations that the caller is allowed. */
  authorizedOperations: int32('3+', { default: AUTHORIZED_OPERATIONS_OMITTED }),
});

export const DescribeGroupsResponse = message('DescribeGroupsResponse', '0-5', '5+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  groups: array('0+', DescribedGroup),
});
export type DescribeGroupsResponse = TypeOf<typeof DescribeGroupsResponse>;
