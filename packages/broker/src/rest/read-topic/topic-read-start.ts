import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import { firstView } from '../asking/next-view.ts';
import { patienceOf } from '../asking/patience.ts';
import type { Door } from '../door/door.ts';
import { badRequest } from '../http/rest-error.ts';
import type { Start } from '../read/offset-for.ts';
import { refuseSeveralStarts } from '../read/read-start.ts';
import { decodePosition, type TopicPosition } from './topic-position.ts';
import type { TopicReadHeaders, TopicReadQuery } from './topic-read-schemas.ts';

/**
 * Where a read of a topic begins: at what the request says, once, and in each partition; without it a stream shows what
 * comes from now on, and any other read begins at the beginning. A stream that comes back goes on where it was.
 *
 * @throws KafkaError INVALID_REQUEST
 */
export const topicReadStart = (
  topic: ClusterTopic,
  query: TopicReadQuery,
  headers: TopicReadHeaders,
  isStream: boolean,
): Start | TopicPosition => {
  refuseSeveralStarts(query);
  const { offset = isStream ? 'latest' : 'earliest', timestamp, tail } = query;
  const resumed = headers['last-event-id'];
  if (isStream && resumed !== undefined) return decodePosition(topic, resumed);
  if (timestamp !== undefined) return { kind: 'timestamp', timestampMs: timestamp };
  if (tail !== undefined) return { kind: 'tail', count: tail };
  return offset === 'earliest' || offset === 'latest' ? { kind: offset } : decodePosition(topic, offset);
};

/**
 * The topic with all partitions that `from` speaks of, also if this broker hears of them only in a moment: another has told.
 *
 * @throws KafkaError INVALID_REQUEST where there are no such
 */
export async function withPartitionsOf(
  door: Door,
  { name, topicId, partitions }: ClusterTopic,
  from: Start | TopicPosition,
  signal: AbortSignal,
): Promise<void> {
  const count = 'places' in from ? from.places.length : 0;
  if (partitions.size >= count) return;
  const patience = patienceOf(door, door.limits.unknownTopicWaitMs, signal);
  const grown = await firstView(door, patience, (image) => {
    const topic = image.topics.get(name);
    return topic?.topicId === topicId && (topic?.partitions.size ?? 0) >= count ? topic : undefined;
  });
  if (grown === undefined) throw badRequest(`the position is one in ${count} partitions, but ${name} has fewer`);
}
