/** Sets and removes SCRAM credentials (KIP-554). The password itself never crosses the wire. */
import { array, bytes, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const ScramCredentialDeletion = struct({
  name: string('0+'),
  /** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
  mechanism: int8('0+'),
});

const ScramCredentialUpsertion = struct({
  name: string('0+'),
  /** 1 SCRAM-SHA-256, 2 SCRAM-SHA-512. */
  mechanism: int8('0+'),
  iterations: int32('0+'),
  salt: bytes('0+'),
  /** The password after all iterations, as RFC 5802 defines it. */
  saltedPassword: bytes('0+'),
});

export const AlterUserScramCredentialsRequest = message('AlterUserScramCredentialsRequest', '0', '0+', {
  deletions: array('0+', ScramCredentialDeletion),
  upsertions: array('0+', ScramCredentialUpsertion),
});
export type AlterUserScramCredentialsRequest = TypeOf<typeof AlterUserScramCredentialsRequest>;

const AlterUserScramCredentialsResult = struct({
  user: string('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
});

export const AlterUserScramCredentialsResponse = message('AlterUserScramCredentialsResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  results: array('0+', AlterUserScramCredentialsResult),
});
export type AlterUserScramCredentialsResponse = TypeOf<typeof AlterUserScramCredentialsResponse>;
