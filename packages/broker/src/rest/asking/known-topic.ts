import { KafkaError } from '@barnabas/model';
import type { ClusterPartition, ClusterTopic } from '../../cluster/cluster-image.ts';
import type { Door } from '../door/door.ts';
import { firstView } from './next-view.ts';
import { patienceOf } from './patience.ts';

/**
 * The topic, also if this broker hears of it only in a moment.
 *
 * @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION
 */
export async function knownTopic(door: Door, name: string, signal: AbortSignal): Promise<ClusterTopic> {
  const patience = patienceOf(door, door.limits.unknownTopicWaitMs, signal);
  const topic = await firstView(door, patience, (image) => image.topics.get(name));
  if (topic === undefined) throw unknownTopic(name);
  return topic;
}

/** @throws KafkaError UNKNOWN_TOPIC_OR_PARTITION */
export const knownPartition = (topic: ClusterTopic, index: number): ClusterPartition => {
  const partition = topic.partitions.get(index);
  if (partition === undefined) {
    const message = `topic ${topic.name} has no partition ${index}, only ${topic.partitions.size} of them, from 0`;
    throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', message);
  }
  return partition;
};

export const unknownTopic = (name: string): KafkaError =>
  new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `there is no topic ${name}`);
