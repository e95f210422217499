/** Which broker coordinates a group or a transactional id; from version 4 on many at once. */
import { array, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const FindCoordinatorRequest = message('FindCoordinatorRequest', '0-6', '3+', {
  key: string('0-3', { default: '' }),
  /** 0 a group, 1 a transactional id, 2 a share group. */
  keyType: int8('1+', { default: 0 }),
  coordinatorKeys: array('4+', string, { default: [] }),
});
export type FindCoordinatorRequest = TypeOf<typeof FindCoordinatorRequest>;

const Coordinator = struct({
  key: string('4+'),
  nodeId: int32('4+'),
  host: string('4+'),
  port: int32('4+'),
  errorCode: int16('4+'),
  errorMessage: string('4+', { nullable: '4+' }),
});

export const FindCoordinatorResponse = message('FindCoordinatorResponse', '0-6', '3+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  errorCode: int16('0-3', { default: 0 }),
  errorMessage: string('1-3', { nullable: '1-3', default: '', ignorable: true }),
  nodeId: int32('0-3', { default: 0 }),
  host: string('0-3', { default: '' }),
  port: int32('0-3', { default: 0 }),
  coordinators: array('4+', Coordinator, { default: [] }),
});
export type FindCoordinatorResponse = TypeOf<typeof FindCoordinatorResponse>;
