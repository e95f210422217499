/**
 * A broker hands on a request of a client to the controller (KIP-590): the whole frame of it, header first, and who sent
 * it. The response has the whole frame of the answer.
 */
import { bytes, int16, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const EnvelopeRequest = message('EnvelopeRequest', '0', '0+', {
  requestData: bytes('0+'),
  requestPrincipal: bytes('0+', { nullable: '0+' }),
  /** The raw bytes of the IP address. */
  clientHostAddress: bytes('0+'),
});
export type EnvelopeRequest = TypeOf<typeof EnvelopeRequest>;

export const EnvelopeResponse = message('EnvelopeResponse', '0', '0+', {
  responseData: bytes('0+', { nullable: '0+', default: null }),
  /** Of the envelope; the answer in it has its own. */
  errorCode: int16('0+'),
});
export type EnvelopeResponse = TypeOf<typeof EnvelopeResponse>;
