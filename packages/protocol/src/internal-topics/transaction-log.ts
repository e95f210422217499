/** Transactions in `__transaction_state`. A key without a value deletes the transactional id. */
import { array, int8, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { logRecord } from '../schema/message.ts';

export const TransactionLogKey = logRecord('TransactionLogKey', '0', 'none', { transactionalId: string('0') });
export type TransactionLogKey = TypeOf<typeof TransactionLogKey>;

const PartitionsOfTopic = struct({
  topic: string('0+'),
  partitionIds: array('0+', int32),
});

/** `transactionPartitions` is null while the state is Empty. */
export const TransactionLogValue = logRecord('TransactionLogValue', '0-1', '1+', {
  producerId: int64('0+'),
  producerEpoch: int16('0+'),
  transactionTimeoutMs: int32('0+'),
  transactionStatus: int8('0+'),
  transactionPartitions: array('0+', PartitionsOfTopic, { nullable: '0+' }),
  transactionLastUpdateTimestampMs: int64('0+'),
  transactionStartTimestampMs: int64('0+'),
});
export type TransactionLogValue = TypeOf<typeof TransactionLogValue>;

/** The states of a transaction, at the place of the number that `transactionStatus` has for them. */
export const TRANSACTION_STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const;
export type TransactionState = (typeof TRANSACTION_STATES)[number];

/** The state of a `transactionStatus`; undefined for a number that stands for none. */
export const transactionStateOf = (status: number): TransactionState | undefined => TRANSACTION_STATES[status];
