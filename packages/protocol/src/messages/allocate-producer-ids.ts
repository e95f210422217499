/**
 * A broker takes the next block of producer ids from the controller: `producerIdLen` ids from `producerIdStart` on.
 */
import { int16, int32, int64, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const AllocateProducerIdsRequest = message('AllocateProducerIdsRequest', '0', '0+', {
  brokerId: int32('0+'),
  brokerEpoch: int64('0+', { default: -1n }),
});
export type AllocateProducerIdsRequest = TypeOf<typeof AllocateProducerIdsRequest>;

export const AllocateProducerIdsResponse = message('AllocateProducerIdsResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  producerIdStart: int64('0+'),
  producerIdLen: int32('0+'),
});
export type AllocateProducerIdsResponse = TypeOf<typeof AllocateProducerIdsResponse>;
