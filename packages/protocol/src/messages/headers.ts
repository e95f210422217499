/** The headers in front of every request and response. The client id is never compact. */
import { int16, int32, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const RequestHeader = message('RequestHeader', '0-2', '2+', {
  requestApiKey: int16('0+'),
  requestApiVersion: int16('0+'),
  correlationId: int32('0+'),
  clientId: string('1+', { nullable: '1+', default: '', ignorable: true, flexible: 'none' }),
});
export type RequestHeader = TypeOf<typeof RequestHeader>;

export const ResponseHeader = message('ResponseHeader', '0-1', '1+', {
  correlationId: int32('0+'),
});
export type ResponseHeader = TypeOf<typeof ResponseHeader>;
