/** Deletes the ACLs that match any of the filters, and answers which these were. */
import { array, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { ACL_FILTER } from './acl-filter.ts';

export const DeleteAclsRequest = message('DeleteAclsRequest', '0-3', '2+', {
  filters: array('0+', struct(ACL_FILTER)),
});
export type DeleteAclsRequest = TypeOf<typeof DeleteAclsRequest>;

const DeleteAclsMatchingAcl = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  /** 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user. */
  resourceType: int8('0+'),
  resourceName: string('0+'),
  /** 3 literal, 4 prefixed. */
  patternType: int8('1+', { default: 3 }),
  principal: string('0+'),
  host: string('0+'),
  operation: int8('0+'),
  /** 2 deny, 3 allow. */
  permissionType: int8('0+'),
});

const DeleteAclsFilterResult = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  matchingAcls: array('0+', DeleteAclsMatchingAcl),
});

export const DeleteAclsResponse = message('DeleteAclsResponse', '0-3', '2+', {
  throttleTimeMs: int32('0+'),
  filterResults: array('0+', DeleteAclsFilterResult),
});
export type DeleteAclsResponse = TypeOf<typeof DeleteAclsResponse>;
