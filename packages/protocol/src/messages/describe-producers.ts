/** The producers that a partition keeps state of, for finding transactions that hang (KIP-664). */
import { array, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitionIndexes } from './topic-partitions.ts';

export const DescribeProducersRequest = message('DescribeProducersRequest', '0', '0+', {
  topics: array('0+', TopicPartitionIndexes),
});
export type DescribeProducersRequest = TypeOf<typeof DescribeProducersRequest>;

const ProducerState = struct({
  producerId: int64('0+'),
  producerEpoch: int32('0+'),
  lastSequence: int32('0+', { default: -1 }),
  lastTimestamp: int64('0+', { default: -1n }),
  coordinatorEpoch: int32('0+'),
  /** -1: no transaction is open. */
  currentTxnStartOffset: int64('0+', { default: -1n }),
});

const PartitionProducers = struct({
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+', default: null }),
  activeProducers: array('0+', ProducerState),
});

const TopicProducers = struct({
  name: string('0+'),
  partitions: array('0+', PartitionProducers),
});

export const DescribeProducersResponse = message('DescribeProducersResponse', '0', '0+', {
  throttleTimeMs: int32('0+'),
  topics: array('0+', TopicProducers),
});
export type DescribeProducersResponse = TypeOf<typeof DescribeProducersResponse>;
