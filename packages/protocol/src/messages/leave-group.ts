/**
 * Members leave a classic group; from version 3 on several at once, so that an administrator can remove static ones.
 */
import { array, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const LeavingMember = struct({
  memberId: string('3+'),
  groupInstanceId: string('3+', { nullable: '3+', default: null }),
  reason: string('5+', { nullable: '5+', default: null, ignorable: true }),
});

export const LeaveGroupRequest = message('LeaveGroupRequest', '0-5', '4+', {
  groupId: string('0+'),
  memberId: string('0-2', { default: '' }),
  members: array('3+', LeavingMember, { default: [] }),
});
export type LeaveGroupRequest = TypeOf<typeof LeaveGroupRequest>;

const LeavingMemberResult = struct({
  memberId: string('3+'),
  groupInstanceId: string('3+', { nullable: '3+' }),
  errorCode: int16('3+'),
});

export const LeaveGroupResponse = message('LeaveGroupResponse', '0-5', '4+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  errorCode: int16('0+'),
  members: array('3+', LeavingMemberResult, { default: [] }),
});
export type LeaveGroupResponse = TypeOf<typeof LeaveGroupResponse>;
