/** Sizes of the replicas in the log directories of the broker that is asked (KIP-113). */
import { array, bool, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitions } from './topic-partitions.ts';

export const DescribeLogDirsRequest = message('DescribeLogDirsRequest', '0-4', '2+', {
  topics: array('0+', TopicPartitions, { nullable: '0+' }),
});
export type DescribeLogDirsRequest = TypeOf<typeof DescribeLogDirsRequest>;

const DescribeLogDirsPartition = struct({
  partitionIndex: int32('0+'),
  partitionSize: int64('0+'),
  offsetLag: int64('0+'),
  /** A copy that AlterReplicaLogDirs is filling, which will take the place of the current one. */
  isFutureKey: bool('0+'),
});

const DescribeLogDirsTopic = struct({
  name: string('0+'),
  partitions: array('0+', DescribeLogDirsPartition),
});

const DescribeLogDirsResult = struct({
  errorCode: int16('0+'),
  logDir: string('0+'),
  topics: array('0+', DescribeLogDirsTopic),
  totalBytes: int64('4+', { default: -1n, ignorable: true }),
  usableBytes: int64('4+', { default: -1n, ignorable: true }),
});

export const DescribeLogDirsResponse = message('DescribeLogDirsResponse', '0-4', '2+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('3+', { ignorable: true }),
  results: array('0+', DescribeLogDirsResult),
});
export type DescribeLogDirsResponse = TypeOf<typeof DescribeLogDirsResponse>;
