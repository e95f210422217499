/** Partitions of a topic, under the three pairs of names that Kafka's messages have for them. */
import { array, int32, string, struct } from '../schema/field.ts';

export const TopicPartitions = struct({
  topic: string('0+'),
  partitions: array('0+', int32),
});

export const NamedTopicPartitions = struct({
  name: string('0+'),
  partitions: array('0+', int32),
});

export const TopicPartitionIndexes = struct({
  name: string('0+'),
  partitionIndexes: array('0+', int32),
});
