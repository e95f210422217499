/**
 * `/consumers/<group>/offsets/<topic>/<partition>`: where a consumer of before 0.9 had got to, as bare decimal text: `42`.
 * Only read, to move such groups. Source: Kafka's ConsumerOffset.
 */
import { type Offset, offset, type TopicPartition } from '@barnabas/model';
import { readDecimal } from './json/read-znode.ts';

export const CONSUMERS_PATH = '/consumers';

export function consumerOffsetPath(group: string, { topic, partition }: TopicPartition): string {
  return `${CONSUMERS_PATH}/${group}/offsets/${topic}/${partition}`;
}

/** @throws MalformedZnodeError */
export function decodeConsumerOffset(group: string, partition: TopicPartition, data: Uint8Array | null): Offset {
  return offset(readDecimal(consumerOffsetPath(group, partition), data, 0, Number.MAX_SAFE_INTEGER));
}
