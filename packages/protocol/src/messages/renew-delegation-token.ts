/** Puts off the end of a delegation token, up to its maximum lifetime (KIP-48). */
import { bytes, int16, int32, int64, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const RenewDelegationTokenRequest = message('RenewDelegationTokenRequest', '0-2', '2+', {
  hmac: bytes('0+'),
  renewPeriodMs: int64('0+'),
});
export type RenewDelegationTokenRequest = TypeOf<typeof RenewDelegationTokenRequest>;

export const RenewDelegationTokenResponse = message('RenewDelegationTokenResponse', '0-2', '2+', {
  errorCode: int16('0+'),
  expiryTimestampMs: int64('0+'),
  throttleTimeMs: int32('0+'),
});
export type RenewDelegationTokenResponse = TypeOf<typeof RenewDelegationTokenResponse>;
