/**
 * Chooses the SASL mechanism. After version 0 the tokens follow without any header; after version 1 in SaslAuthenticate.
 */
import { array, int16, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const SaslHandshakeRequest = message('SaslHandshakeRequest', '0-1', 'none', {
  mechanism: string('0+'),
});
export type SaslHandshakeRequest = TypeOf<typeof SaslHandshakeRequest>;

export const SaslHandshakeResponse = message('SaslHandshakeResponse', '0-1', 'none', {
  errorCode: int16('0+'),
  mechanisms: array('0+', string),
});
export type SaslHandshakeResponse = TypeOf<typeof SaslHandshakeResponse>;
