/** Ends a delegation token, at once or some time from now (KIP-48). */
import { bytes, int16, int32, int64, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const ExpireDelegationTokenRequest = message('ExpireDelegationTokenRequest', '0-2', '2+', {
  hmac: bytes('0+'),
  /** Negative: at once. */
  expiryTimePeriodMs: int64('0+'),
});
export type ExpireDelegationTokenRequest = TypeOf<typeof ExpireDelegationTokenRequest>;

export const ExpireDelegationTokenResponse = message('ExpireDelegationTokenResponse', '0-2', '2+', {
  errorCode: int16('0+'),
  expiryTimestampMs: int64('0+'),
  throttleTimeMs: int32('0+'),
});
export type ExpireDelegationTokenResponse = TypeOf<typeof ExpireDelegationTokenResponse>;
