/** The state of transactional ids, from their coordinator (KIP-664). */
import { array, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitions } from './topic-partitions.ts';

export const DescribeTransactionsRequest = message('DescribeTransactionsRequest', '0', '0+', {
  transactionalIds: array('0+', string),
});
export type DescribeTransactionsRequest = TypeOf<typeof DescribeTransactionsRequest>;

const DescribedTransaction = struct({
  errorCode: int16('0+'),
  transactionalId: string('0+'),
  transactionState: string('0+'),
  transactionTimeoutMs: int32('0+'),
  transactionStartTimeMs: int64('0+'),
  producerId: int64('0+'),
  producerEpoch: int16('0+'),
  topics: array('0+', TopicPartitions),
});

export const DescribeTransactionsResponse = message('DescribeTransactionsResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  transactionStates: array('0+', DescribedTransaction),
});
export type DescribeTransactionsResponse = TypeOf<typeof DescribeTransactionsResponse>;
