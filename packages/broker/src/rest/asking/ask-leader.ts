import { type BrokerId, type ErrorName, errorByCode, KafkaError } from '@barnabas/model';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { Door } from '../door/door.ts';
import { knownPartition, unknownTopic } from './known-topic.ts';
import { type Attempt, again } from './until-done.ts';

/** A partition with who leads it now, in the topic that was meant at first. */
export type LedPartition = {
  readonly topic: ClusterTopic;
  readonly partition: number;
  readonly leader: BrokerId;
};

/**
 * Who leads the partition by now, for one attempt at something.
 *
 * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION where the topic is gone, or is another one of the same name (rule 10)
 */
export const leaderNow = (door: Door, meant: ClusterTopic, partition: number): LedPartition | Attempt<never> => {
  const topic = door.cluster.image.topics.get(meant.name);
  if (topic === undefined || topic.topicId !== meant.topicId) throw unknownTopic(meant.name);
  const { leader } = knownPartition(topic, partition);
  if (leader === undefined) {
    return again(new KafkaError('LEADER_NOT_AVAILABLE', `${meant.name}-${partition} has no leader at the moment`));
  }
  return { topic, partition, leader };
};

/** The error that an answer holds, in the words of the table where it has none of its own. */
export const errorIn = (code: number, message?: string | null): KafkaError | undefined => {
  if (code === 0) return undefined;
  const { name, sentence } = errorByCode(code);
  return new KafkaError(name, message ?? sentence);
};

/**
 * Errors after which nothing was done and another broker, or the same one a moment later, may do it: whoever answered, or we,
 * did not know yet who leads.
 */
const OUT_OF_STEP: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NOT_LEADER_OR_FOLLOWER',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'BROKER_NOT_AVAILABLE',
]);

export const isOutOfStep = ({ error }: KafkaError): boolean => OUT_OF_STEP.has(error);
