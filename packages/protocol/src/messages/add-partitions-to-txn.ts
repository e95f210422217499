/**
 * Adds partitions to a transaction before it writes to them. Up to version 3 a producer asks for one transaction; from
 * 4 on a broker asks for many, and may only want to know whether a partition belongs to the transaction (KIP-890).
 */
import { array, bool, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { NamedTopicPartitions } from './topic-partitions.ts';

const AddPartitionsToTxnTransaction = struct({
  transactionalId: string('4+'),
  producerId: int64('4+'),
  producerEpoch: int16('4+'),
  /** Ask, and add nothing. */
  verifyOnly: bool('4+'),
  topics: array('4+', NamedTopicPartitions),
});

export const AddPartitionsToTxnRequest = message('AddPartitionsToTxnRequest', '0-5', '3+', {
  transactions: array('4+', AddPartitionsToTxnTransaction, { default: [] }),
  v3AndBelowTransactionalId: string('0-3', { default: '' }),
  v3AndBelowProducerId: int64('0-3', { default: 0n }),
  v3AndBelowProducerEpoch: int16('0-3', { default: 0 }),
  v3AndBelowTopics: array('0-3', NamedTopicPartitions, { default: [] }),
});
export type AddPartitionsToTxnRequest = TypeOf<typeof AddPartitionsToTxnRequest>;

const AddPartitionsToTxnPartitionResult = struct({
  partitionIndex: int32('0+'),
  partitionErrorCode: int16('0+'),
});

const AddPartitionsToTxnTopicResult = struct({
  name: string('0+'),
  resultsByPartition: array('0+', AddPartitionsToTxnPartitionResult),
});

const AddPartitionsToTxnResult = struct({
  transactionalId: string('4+'),
  topicResults: array('4+', AddPartitionsToTxnTopicResult),
});

export const AddPartitionsToTxnResponse = message('AddPartitionsToTxnResponse', '0-5', '3+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('4+', { ignorable: true }),
  resultsByTransaction: array('4+', AddPartitionsToTxnResult, { default: [] }),
  resultsByTopicV3AndBelow: array('0-3', AddPartitionsToTxnTopicResult, { default: [] }),
});
export type AddPartitionsToTxnResponse = TypeOf<typeof AddPartitionsToTxnResponse>;
