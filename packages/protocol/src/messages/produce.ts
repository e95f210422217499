/** Appends record batches, one for each partition. With acks 0 there is no response. */
import { array, int16, int32, int64, nested, records, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { LeaderIdAndEpoch, NodeEndpoint } from './leader-and-endpoints.ts';

const PartitionProduceData = struct({
  index: int32('0+'),
  records: records('0+', { nullable: '0+' }),
  /** Not one of Kafka's fields, and far from its tags: the batch is to begin at this offset or not at all; -1 for anywhere. */
  expectedOffset: int64('9+', { tag: 10_000, default: -1n }),
});

const TopicProduceData = struct({
  name: string('0+'),
  partitionData: array('0+', PartitionProduceData),
});

export const ProduceRequest = message('ProduceRequest', '0-11', '9+', {
  transactionalId: string('3+', { nullable: '3+', default: null }),
  /** 0 none, 1 the leader, -1 all in-sync replicas. */
  acks: int16('0+'),
  timeoutMs: int32('0+'),
  topicData: array('0+', TopicProduceData),
});
export type ProduceRequest = TypeOf<typeof ProduceRequest>;

const BatchIndexAndErrorMessage = struct({
  batchIndex: int32('8+'),
  batchIndexErrorMessage: string('8+', { nullable: '8+', default: null }),
});

const PartitionProduceResponse = struct({
  index: int32('0+'),
  errorCode: int16('0+'),
  /** Offset of the first record; -1 where it is not known. */
  baseOffset: int64('0+'),
  /** -1 unless the topic has LogAppendTime. */
  logAppendTimeMs: int64('2+', { default: -1n, ignorable: true }),
  logStartOffset: int64('5+', { default: -1n, ignorable: true }),
  /** The records for which the batch was refused. */
  recordErrors: array('8+', BatchIndexAndErrorMessage, { ignorable: true }),
  errorMessage: string('8+', { nullable: '8+', default: null, ignorable: true }),
  currentLeader: nested('10+', LeaderIdAndEpoch, { tag: 0 }),
});

const TopicProduceResponse = struct({
  name: string('0+'),
  partitionResponses: array('0+', PartitionProduceResponse),
});

export const ProduceResponse = message('ProduceResponse', '0-11', '9+', {
  responses: array('0+', TopicProduceResponse),
  throttleTimeMs: int32('1+', { ignorable: true }),
  nodeEndpoints: array('10+', NodeEndpoint, { tag: 0 }),
});
export type ProduceResponse = TypeOf<typeof ProduceResponse>;
