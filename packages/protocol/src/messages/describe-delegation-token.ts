/** The tokens of the given owners, or all that the caller may see (KIP-48). */
import { array, bytes, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { Principal } from './principal.ts';

export const DescribeDelegationTokenRequest = message('DescribeDelegationTokenRequest', '0-3', '2+', {
  owners: array('0+', Principal, { nullable: '0+' }),
});
export type DescribeDelegationTokenRequest = TypeOf<typeof DescribeDelegationTokenRequest>;

const DescribedDelegationToken = struct({
  principalType: string('0+'),
  principalName: string('0+'),
  tokenRequesterPrincipalType: string('3+', { default: '' }),
  tokenRequesterPrincipalName: string('3+', { default: '' }),
  issueTimestamp: int64('0+'),
  expiryTimestamp: int64('0+'),
  maxTimestamp: int64('0+'),
  tokenId: string('0+'),
  hmac: bytes('0+'),
  renewers: array('0+', Principal),
});

export const DescribeDelegationTokenResponse = message('DescribeDelegationTokenResponse', '0-3', '2+', {
  errorCode: int16('0+'),
  tokens: array('0+', DescribedDelegationToken),
  throttleTimeMs: int32('0+'),
});
export type DescribeDelegationTokenResponse = TypeOf<typeof DescribeDelegationTokenResponse>;
