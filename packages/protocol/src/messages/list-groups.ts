/** The groups that the broker which is asked coordinates. */
import { array, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const ListGroupsRequest = message('ListGroupsRequest', '0-5', '3+', {
  statesFilter: array('4+', string, { default: [] }),
  typesFilter: array('5+', string, { default: [] }),
});
export type ListGroupsRequest = TypeOf<typeof ListGroupsRequest>;

const ListedGroup = struct({
  groupId: string('0+'),
  protocolType: string('0+'),
  groupState: string('4+', { ignorable: true }),
  groupType: string('5+', { ignorable: true }),
});

export const ListGroupsResponse = message('ListGroupsResponse', '0-5', '3+', {
  throttleTimeMs: int32('1+', { ignorable: true }),
  errorCode: int16('0+'),
  groups: array('0+', ListedGroup),
});
export type ListGroupsResponse = TypeOf<typeof ListGroupsResponse>;
