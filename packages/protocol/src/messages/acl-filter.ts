/** Which ACLs DescribeAcls shows and DeleteAcls deletes: null, and 1 in the number fields, matches any. */
import { int8, string } from '../schema/field.ts';

export const ACL_FILTER = {
  /** As in CreateAcls. */
  resourceTypeFilter: int8('0+'),
  resourceNameFilter: string('0+', { nullable: '0+' }),
  /** 2 also finds the prefixed and wildcard patterns that apply to the name; 3 literal, 4 prefixed. */
  patternTypeFilter: int8('1+', { default: 3 }),
  principalFilter: string('0+', { nullable: '0+' }),
  hostFilter: string('0+', { nullable: '0+' }),
  operation: int8('0+'),
  permissionType: int8('0+'),
};
