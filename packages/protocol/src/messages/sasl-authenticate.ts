/** A step of SASL authentication, after SaslHandshake of version 1. */
import { bytes, int16, int64, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const SaslAuthenticateRequest = message('SaslAuthenticateRequest', '0-2', '2+', {
  authBytes: bytes('0+'),
});
export type SaslAuthenticateRequest = TypeOf<typeof SaslAuthenticateRequest>;

export const SaslAuthenticateResponse = message('SaslAuthenticateResponse', '0-2', '2+', {
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  authBytes: bytes('0+'),
  /** Authenticate again within this time (KIP-368); 0: never. */
  sessionLifetimeMs: int64('1+', { ignorable: true }),
});
export type SaslAuthenticateResponse = TypeOf<typeof SaslAuthenticateResponse>;
