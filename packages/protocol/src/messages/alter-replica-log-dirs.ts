/** Moves replicas between the log directories of the broker that is asked (KIP-113). */
import { array, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { PartitionError } from './partition-errors.ts';
import { NamedTopicPartitions } from './topic-partitions.ts';

const AlterReplicaLogDir = struct({
  path: string('0+'),
  topics: array('0+', NamedTopicPartitions),
});

export const AlterReplicaLogDirsRequest = message('AlterReplicaLogDirsRequest', '0-2', '2+', {
  dirs: array('0+', AlterReplicaLogDir),
});
export type AlterReplicaLogDirsRequest = TypeOf<typeof AlterReplicaLogDirsRequest>;

const AlterReplicaLogDirTopicResult = struct({
  topicName: string('0+'),
  partitions: array('0+', PartitionError),
});

export const AlterReplicaLogDirsResponse = message('AlterReplicaLogDirsResponse', '0-2', '2+', {
  throttleTimeMs: int32('0+'),
  results: array('0+', AlterReplicaLogDirTopicResult),
});
export type AlterReplicaLogDirsResponse = TypeOf<typeof AlterReplicaLogDirsResponse>;
