/** A member of a classic group is alive. REBALANCE_IN_PROGRESS tells it to join anew. */
import { int16, int32, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const HeartbeatRequest = message('HeartbeatRequest', '0-4', '4+', {
  groupId: string('0+'),
  generationId: int32('0+'),
  memberId: string('0+'),
  groupInstanceId: string('3+', { nullable: '3+', default: null }),
});
export type HeartbeatRequest = TypeOf<typeof HeartbeatRequest>;

export const HeartbeatResponse = message('HeartbeatResponse', '0-4', '4+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  errorCode: int16('0+'),
});
export type HeartbeatResponse = TypeOf<typeof HeartbeatResponse>;
