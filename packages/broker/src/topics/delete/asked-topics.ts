import { KafkaError } from '@barnabas/model';
import { type DeleteTopicsRequest, ZERO_UUID } from '@barnabas/protocol';
import type { ClusterImage } from '../../cluster/cluster-image.ts';
import type { TopicToDelete } from './mark-for-deletion.ts';

/** A topic as a request names it. */
export type AskedTopic = { readonly name: string | null; readonly topicId: string };

/** Those of all versions: up to 5 by name, from 6 on by name or id. */
export function askedTopics({ topics, topicNames }: DeleteTopicsRequest): readonly AskedTopic[] {
  return [...topics, ...topicNames.map((name) => ({ name, topicId: ZERO_UUID }))];
}

/**
 * The topic that is meant.
 *
 * @throws KafkaError INVALID_REQUEST, UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION
 */
export function resolveTopic({ name, topicId }: AskedTopic, image: ClusterImage): TopicToDelete {
  if (topicId === ZERO_UUID) return byName(name, image);
  if (name !== null) throw new KafkaError('INVALID_REQUEST', 'Give either the name of a topic or its id, not both.');
  const found = image.topicNames.get(topicId);
  if (found === undefined) throw new KafkaError('UNKNOWN_TOPIC_ID', `There is no topic with the id ${topicId}.`);
  return { name: found, topicId };
}

function byName(name: string | null, image: ClusterImage): TopicToDelete {
  if (name === null) throw new KafkaError('INVALID_REQUEST', 'Give the name of a topic or its id.');
  if (image.topics.has(name)) return { name, topicId: undefined };
  throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${JSON.stringify(name)}.`);
}
