/** Makes the controller elect leaders. */
import { array, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { TopicPartitions } from './topic-partitions.ts';

export const ElectLeadersRequest = message('ElectLeadersRequest', '0-2', '2+', {
  /** 0 the preferred replica, 1 an unclean election (KIP-460). */
  electionType: int8('1+', { default: 0 }),
  /** Null: all partitions. */
  topicPartitions: array('0+', TopicPartitions, { nullable: '0+' }),
  timeoutMs: int32('0+', { default: 60_000 }),
});
export type ElectLeadersRequest = TypeOf<typeof ElectLeadersRequest>;

const ElectionResult = struct({
  partitionId: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
});

const TopicElectionResult = struct({
  topic: string('0+'),
  partitionResult: array('0+', ElectionResult),
});

export const ElectLeadersResponse = message('ElectLeadersResponse', '0-2', '2+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('1+', { default: 0 }),
  replicaElectionResults: array('0+', TopicElectionResult),
});
export type ElectLeadersResponse = TypeOf<typeof ElectLeadersResponse>;
