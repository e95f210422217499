/** The ACLs that match a filter, grouped by resource. */
import { array, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { ACL_FILTER } from './acl-filter.ts';

export const DescribeAclsRequest = message('DescribeAclsRequest', '0-3', '2+', ACL_FILTER);
export type DescribeAclsRequest = TypeOf<typeof DescribeAclsRequest>;

const AclDescription = struct({
  principal: string('0+'),
  host: string('0+'),
  operation: int8('0+'),
  /** 2 deny, 3 allow. */
  permissionType: int8('0+'),
});

const ResourceAcls = struct({
  /** 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user. */
  resourceType: int8('0+'),
  resourceName: string('0+'),
  /** 3 literal, 4 prefixed. */
  patternType: int8('1+', { default: 3 }),
  acls: array('0+', AclDescription),
});

export const DescribeAclsResponse = message('DescribeAclsResponse', '0-3', '2+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  resources: array('0+', ResourceAcls),
});
export type DescribeAclsResponse = TypeOf<typeof DescribeAclsResponse>;
