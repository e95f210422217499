import type { TopicPartition } from '@barnabas/model';
import type { Partition } from './partition/partition.ts';

/**
 * The partitions that this broker has a replica of. Looked up for each partition of each request, so that no name is put
 * together for it. Iterated in the order in which topics, and in them partitions, came.
 */
export class HostedPartitions {
  readonly #topics = new Map<string, Map<number, Partition>>();
  readonly #names = new Map<string, string>();

  get({ topic, partition }: TopicPartition): Partition | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  add(partition: Partition): void {
    const { topic, partition: index } = partition.topicPartition;
    const partitions = this.#topics.get(topic) ?? new Map<number, Partition>();
    this.#topics.set(topic, partitions);
    partitions.set(index, partition);
    this.noteTopicId(partition);
  }

  /** To be called where the topic id of a partition has become known. */
  noteTopicId({ topicId, topicPartition: { topic } }: Partition): void {
    if (topicId !== undefined) this.#names.set(topicId, topic);
  }

  delete(partition: Partition): void {
    const { topic, partition: index } = partition.topicPartition;
    const partitions = this.#topics.get(topic);
    if (partitions?.get(index) !== partition) return;
    partitions.delete(index);
    if (partitions.size === 0) this.#topics.delete(topic);
    if (partition.topicId !== undefined && !this.#hasTopicId(partition.topicId)) this.#names.delete(partition.topicId);
  }

  topicNameOf(topicId: string): string | undefined {
    return this.#names.get(topicId);
  }

  *of(topic: string): Generator<Partition, void, undefined> {
    yield* this.#topics.get(topic)?.values() ?? [];
  }

  *[Symbol.iterator](): Generator<Partition, void, undefined> {
    for (const partitions of this.#topics.values()) yield* partitions.values();
  }

  #hasTopicId(topicId: string): boolean {
    const topic = this.#names.get(topicId);
    if (topic === undefined) return false;
    return [...this.of(topic)].some((partition) => partition.topicId === topicId);
  }
}
