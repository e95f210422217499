/** Deletes groups that have no members, with their committed offsets. */
import { array, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const DeleteGroupsRequest = message('DeleteGroupsRequest', '0-2', '2+', {
  groupsNames: array('0+', string),
});
export type DeleteGroupsRequest = TypeOf<typeof DeleteGroupsRequest>;

const DeletableGroupResult = struct({
  groupId: string('0+'),
  errorCode: int16('0+'),
});

export const DeleteGroupsResponse = message('DeleteGroupsResponse', '0-2', '2+', {
  throttleTimeMs: int32('0+'),
  results: array('0+', DeletableGroupResult),
});
export type DeleteGroupsResponse = TypeOf<typeof DeleteGroupsResponse>;
