/** Adds partitions to topics. `count` is the number of partitions that the topic then has. */
import { array, bool, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const CreatePartitionsAssignment = struct({
  brokerIds: array('0+', int32),
});

const CreatePartitionsTopic = struct({
  name: string('0+'),
  count: int32('0+'),
  /** Replicas of the new partitions only; null leaves the placement to the controller. */
  assignments: array('0+', CreatePartitionsAssignment, { nullable: '0+' }),
});

export const CreatePartitionsRequest = message('CreatePartitionsRequest', '0-3', '2+', {
  topics: array('0+', CreatePartitionsTopic),
  timeoutMs: int32('0+'),
  validateOnly: bool('0+'),
});
export type CreatePartitionsRequest = TypeOf<typeof CreatePartitionsRequest>;

const CreatePartitionsTopicResult = struct({
  name: string('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+', default: null }),
});

export const CreatePartitionsResponse = message('CreatePartitionsResponse', '0-3', '2+', {
  throttleTimeMs: int32('0+'),
  results: array('0+', CreatePartitionsTopicResult),
});
export type CreatePartitionsResponse = TypeOf<typeof CreatePartitionsResponse>;
