/** Which SCRAM mechanisms users have, without the credentials (KIP-554). */
import { array, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const UserName = struct({
  name: string('0+'),
});

export const DescribeUserScramCredentialsRequest = message('DescribeUserScramCredentialsRequest', '0', '0+', {
  /** Null or empty: all. */
  users: array('0+', UserName, { nullable: '0+' }),
});
export type DescribeUserScramCredentialsRequest = TypeOf<typeof DescribeUserScramCredentialsRequest>;

const CredentialInfo = struct({
  /** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
  mechanism: int8('0+'),
  iterations: int32('0+'),
});

const DescribeUserScramCredentialsResult = struct({
  user: string('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  credentialInfos: array('0+', CredentialInfo),
});

export const DescribeUserScramCredentialsResponse = message('DescribeUserScramCredentialsResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  results: array('0+', DescribeUserScramCredentialsResult),
});
export type DescribeUserScramCredentialsResponse = TypeOf<typeof DescribeUserScramCredentialsResponse>;
