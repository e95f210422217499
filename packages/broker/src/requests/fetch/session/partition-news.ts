import type { TopicPartition } from '@barnabas/model';
import type { ReplicaNews } from '../../../replication/replicas.ts';
import type { SessionPartition } from './session-partition.ts';

/** Which sessions have a partition: hands news of it on to them. */
export class PartitionNews {
  readonly #topics = new Map<string, Map<number, Set<SessionPartition>>>();

  /** From now on it gets the news of its topic. */
  add(of: SessionPartition, topic: string): void {
    of.topic = topic;
    const partitions = this.#topics.get(topic) ?? new Map<number, Set<SessionPartition>>();
    const known = partitions.get(of.asked.partition) ?? new Set();
    this.#topics.set(topic, partitions);
    partitions.set(of.asked.partition, known.add(of));
  }

  remove(of: SessionPartition): void {
    const { topic, asked } = of;
    const partitions = topic === undefined ? undefined : this.#topics.get(topic);
    const known = partitions?.get(asked.partition);
    if (topic === undefined || partitions === undefined || known === undefined) return;
    known.delete(of);
    if (known.size === 0) partitions.delete(asked.partition);
    if (partitions.size === 0) this.#topics.delete(topic);
  }

  /** How many partitions of sessions there are. */
  get size(): number {
    let size = 0;
    for (const partitions of this.#topics.values()) for (const known of partitions.values()) size += known.size;
    return size;
  }

  tell({ topic, partition }: TopicPartition, news: ReplicaNews): void {
    const known = this.#topics.get(topic)?.get(partition);
    if (known !== undefined) for (const each of known) each.reader.onNews(each, news);
  }
}
