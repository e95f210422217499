/** What became of each partition, where there is nothing to say of it but an error code. */
import { array, int16, int32, string, struct } from '../schema/field.ts';

export const PartitionError = struct({
  partitionIndex: int32('0+'),
  errorCode: int16('0+'),
});

export const TopicPartitionErrors = struct({
  name: string('0+'),
  partitions: array('0+', PartitionError),
});
