/** The offsets of partitions at a point in time. */
import { array, int8, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const ListOffsetsPartition = struct({
  partitionIndex: int32('0+'),
  currentLeaderEpoch: int32('4+', { default: -1, ignorable: true }),
  /** -1 latest, -2 earliest, -3 largest timestamp, -4 earliest local, -5 latest tiered; else the first record not before it. */
  timestamp: int64('0+'),
  maxNumOffsets: int32('0', { default: 1 }),
});

const ListOffsetsTopic = struct({
  name: string('0+'),
  partitions: array('0+', ListOffsetsPartition),
});

export const ListOffsetsRequest = message('ListOffsetsRequest', '0-9', '6+', {
  /** -1: a consumer. */
  replicaId: int32('0+'),
  /** 0 read uncommitted, 1 read committed: the latest offset is then the last stable one. */
  isolationLevel: int8('2+', { default: 0 }),
  topics: array('0+', ListOffsetsTopic),
});
export type ListOffsetsRequest = TypeOf<typeof ListOffsetsRequest>;

const ListOffsetsPartitionResponse = struct({
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
  /** Starts of segments, the newest first. */
  oldStyleOffsets: array('0', int64, { default: [] }),
  timestamp: int64('1+', { default: -1n }),
  offset: int64('1+', { default: -1n }),
  leaderEpoch: int32('4+', { default: -1 }),
});

const ListOffsetsTopicResponse = struct({
  name: string('0+'),
  partitions: array('0+', ListOffsetsPartitionResponse),
});

export const ListOffsetsResponse = message('ListOffsetsResponse', '0-9', '6+', {
  throttleTimeMs: int32('2+', { ignorable: true }),
  topics: array('0+', ListOffsetsTopicResponse),
});
export type ListOffsetsResponse = TypeOf<typeof ListOffsetsResponse>;
