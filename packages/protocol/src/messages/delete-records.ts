/**
 * Moves the log start offset of partitions forward (KIP-107); their leaders answer when all live replicas have done so.
 */
import { array, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const DeleteRecordsPartition = struct({
  partitionIndex: int32('0+'),
  /** The first offset that stays; -1 for the high watermark. */
  offset: int64('0+'),
});

const DeleteRecordsTopic = struct({
  name: string('0+'),
  partitions: array('0+', DeleteRecordsPartition),
});

export const DeleteRecordsRequest = message('DeleteRecordsRequest', '0-2', '2+', {
  topics: array('0+', DeleteRecordsTopic),
  timeoutMs: int32('0+'),
});
export type DeleteRecordsRequest = TypeOf<typeof DeleteRecordsRequest>;

const DeleteRecordsPartitionResult = struct({
  partitionIndex: int32('0+'),
  lowWatermark: int64('0+'),
  errorCode: int16('0+'),
});

const DeleteRecordsTopicResult = struct({
  name: string('0+'),
  partitions: array('0+', DeleteRecordsPartitionResult),
});

export const DeleteRecordsResponse = message('DeleteRecordsResponse', '0-2', '2+', {
  throttleTimeMs: int32('0+'),
  topics: array('0+', DeleteRecordsTopicResult),
});
export type DeleteRecordsResponse = TypeOf<typeof DeleteRecordsResponse>;
