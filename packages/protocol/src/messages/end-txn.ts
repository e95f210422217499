/** A producer commits or aborts its transaction. The answer comes when this is decided; the markers follow. */
import { bool, int16, int32, int64, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const EndTxnRequest = message('EndTxnRequest', '0-4', '3+', {
  transactionalId: string('0+'),
  producerId: int64('0+'),
  producerEpoch: int16('0+'),
  committed: bool('0+'),
});
export type EndTxnRequest = TypeOf<typeof EndTxnRequest>;

export const EndTxnResponse = message('EndTxnResponse', '0-4', '3+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
});
export type EndTxnResponse = TypeOf<typeof EndTxnResponse>;
