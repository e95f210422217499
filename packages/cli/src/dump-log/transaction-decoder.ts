import { formatTopicPartition, KafkaError } from '@barnabas/model';
import { decodeTransactionRecord, type TransactionLogValue, transactionStateOf } from '@barnabas/protocol';
import type { RecordDecoder } from './record-text.ts';
import { inScalaSetOrder } from './scala-set-order.ts';

/** Records of `__transaction_state`. Throws KafkaError for what cannot be decoded, which ends the dump, as in Kafka. */
export const transactionDecoder: RecordDecoder = ({ offset, key, value }) => {
  if (key === null) throw new KafkaError('INVALID_RECORD', `no key at offset ${offset}, so no transaction`);
  const record = decodeTransactionRecord(key, value);
  if (record.type === 'unknown') return { key: `unknown::version=${record.keyVersion}`, payload: undefined };
  return {
    key: `transaction_metadata::transactionalId=${record.key.data.transactionalId}`,
    payload: record.value === null ? '<DELETE>' : transactionText(record.value.data),
  };
};

const transactionText = (transaction: TransactionLogValue): string => {
  const state = transactionStateOf(transaction.transactionStatus);
  if (state === undefined) {
    throw new KafkaError('INVALID_RECORD', `${transaction.transactionStatus} is the state of no transaction`);
  }
  return (
    `producerId:${transaction.producerId},producerEpoch:${transaction.producerEpoch},state=${state},` +
    `partitions=[${state === 'Empty' ? '' : partitionsText(transaction)}],` +
    `txnLastUpdateTimestamp=${transaction.transactionLastUpdateTimestampMs},` +
    `txnTimeoutMs=${transaction.transactionTimeoutMs}`
  );
};

const partitionsText = ({ transactionPartitions }: TransactionLogValue): string => {
  const groups = (transactionPartitions ?? []).map(({ topic, partitionIds }) =>
    partitionIds.map((partition) => ({ topic, partition })),
  );
  return inScalaSetOrder(groups).map(formatTopicPartition).join(',');
};
