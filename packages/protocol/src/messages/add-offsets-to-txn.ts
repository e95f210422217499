/**
 * A producer tells its transaction coordinator that offsets of a group will be committed in its transaction; the
 * partition of `__consumer_offsets` then belongs to it. What follows is TxnOffsetCommit to the group coordinator.
 */
import { int16, int32, int64, string, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const AddOffsetsToTxnRequest = message('AddOffsetsToTxnRequest', '0-4', '3+', {
  transactionalId: string('0+'),
  producerId: int64('0+'),
  producerEpoch: int16('0+'),
  groupId: string('0+'),
});
export type AddOffsetsToTxnRequest = TypeOf<typeof AddOffsetsToTxnRequest>;

export const AddOffsetsToTxnResponse = message('AddOffsetsToTxnResponse', '0-4', '3+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
});
export type AddOffsetsToTxnResponse = TypeOf<typeof AddOffsetsToTxnResponse>;
