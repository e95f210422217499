/** Creates a token with which others act for a principal (KIP-48). The HMAC is the token's secret. */
import { array, bytes, int16, int32, int64, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { Principal } from './principal.ts';

export const CreateDelegationTokenRequest = message('CreateDelegationTokenRequest', '0-3', '2+', {
  /** Null: the principal of the connection (KIP-373). */
  ownerPrincipalType: string('3+', { nullable: '3+', default: '' }),
  ownerPrincipalName: string('3+', { nullable: '3+', default: '' }),
  renewers: array('0+', Principal),
  /** -1: as long as the broker allows. */
  maxLifetimeMs: int64('0+'),
});
export type CreateDelegationTokenRequest = TypeOf<typeof CreateDelegationTokenRequest>;

export const CreateDelegationTokenResponse = message('CreateDelegationTokenResponse', '0-3', '2+', {
  errorCode: int16('0+'),
  principalType: string('0+'),
  principalName: string('0+'),
  tokenRequesterPrincipalType: string('3+', { default: '' }),
  tokenRequesterPrincipalName: string('3+', { default: '' }),
  issueTimestampMs: int64('0+'),
  expiryTimestampMs: int64('0+'),
  maxTimestampMs: int64('0+'),
  tokenId: string('0+'),
  hmac: bytes('0+'),
  throttleTimeMs: int32('0+'),
});
export type CreateDelegationTokenResponse = TypeOf<typeof CreateDelegationTokenResponse>;
