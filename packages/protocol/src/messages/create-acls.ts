/** Creates ACLs. Each one succeeds or fails by itself, in the order of the request. */
import { array, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const AclCreation = struct({
  /** 2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user. */
  resourceType: int8('0+'),
  resourceName: string('0+'),
  /** 3 literal, 4 prefixed. */
  resourcePatternType: int8('1+', { default: 3 }),
  principal: string('0+'),
  host: string('0+'),
  operation: int8('0+'),
  /** 2 deny, 3 allow. */
  permissionType: int8('0+'),
});

export const CreateAclsRequest = message('CreateAclsRequest', '0-3', '2+', {
  creations: array('0+', AclCreation),
});
export type CreateAclsRequest = TypeOf<typeof CreateAclsRequest>;

const AclCreationResult = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
});

export const CreateAclsResponse = message('CreateAclsResponse', '0-3', '2+', {
  throttleTimeMs: int32('0+'),
  results: array('0+', AclCreationResult),
});
export type CreateAclsResponse = TypeOf<typeof CreateAclsResponse>;
