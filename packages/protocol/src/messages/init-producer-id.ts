/**
 * Gives a producer its id and epoch. With a transactional id this goes to its coordinator, ends what an earlier producer
 * of the same id has left open and fences it.
 */
import { int16, int32, int64, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const InitProducerIdRequest = message('InitProducerIdRequest', '0-5', '2+', {
  transactionalId: string('0+', { nullable: '0+' }),
  transactionTimeoutMs: int32('0+'),
  /** Of a producer that wants a new epoch (KIP-360); -1: one that has none. */
  producerId: int64('3+', { default: -1n }),
  producerEpoch: int16('3+', { default: -1 }),
});
export type InitProducerIdRequest = TypeOf<typeof InitProducerIdRequest>;

export const InitProducerIdResponse = message('InitProducerIdResponse', '0-5', '2+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  producerId: int64('0+', { default: -1n }),
  producerEpoch: int16('0+'),
});
export type InitProducerIdResponse = TypeOf<typeof InitProducerIdResponse>;
