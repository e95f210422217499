/** The leader of a classic group sends the assignments, all others send none; every member gets its own. */
import { array, bytes, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const SyncGroupRequestAssignment = struct({
  memberId: string('0+'),
  assignment: bytes('0+'),
});

export const SyncGroupRequest = message('SyncGroupRequest', '0-5', '4+', {
  groupId: string('0+'),
  generationId: int32('0+'),
  memberId: string('0+'),
  groupInstanceId: string('3+', { nullable: '3+', default: null }),
  protocolType: string('5+', { nullable: '5+', default: null, ignorable: true }),
  protocolName: string('5+', { nullable: '5+', default: null, ignorable: true }),
  assignments: array('0+', SyncGroupRequestAssignment),
});
export type SyncGroupRequest = TypeOf<typeof SyncGroupRequest>;

export const SyncGroupResponse = message('SyncGroupResponse', '0-5', '4+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  errorCode: int16('0+'),
  protocolType: string('5+', { nullable: '5+', default: null, ignorable: true }),
  protocolName: string('5+', { nullable: '5+', default: null, ignorable: true }),
  assignment: bytes('0+'),
});
export type SyncGroupResponse = TypeOf<typeof SyncGroupResponse>;
