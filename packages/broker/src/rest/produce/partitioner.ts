import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { RecordToProduce } from '../records/record-to-produce.ts';
import { partitionForKey } from './murmur2.ts';

/**
 * Chooses partitions for records: what the request says, what the record says, its key, and for the rest one partition for
 * all of a request, the next one for the next: few large batches, evenly spread. Partitions without a leader are passed over
 * where there is a choice.
 */
export class Partitioner {
  #next = 0;

  /** The indexes of `records` by partition, in their order. What a record says is not checked against the topic here. */
  split(topic: ClusterTopic, records: readonly RecordToProduce[], asked: number | undefined): Map<number, number[]> {
    const indexes = new Map<number, number[]>();
    let spread: number | undefined;
    for (const [index, { partition, key }] of records.entries()) {
      let chosen = asked ?? partition;
      if (chosen === undefined && key !== null) chosen = partitionForKey(key, topic.partitions.size);
      if (chosen === undefined) {
        spread ??= this.#spread(topic);
        chosen = spread;
      }
      const others = indexes.get(chosen);
      if (others === undefined) indexes.set(chosen, [index]);
      else others.push(index);
    }
    return indexes;
  }

  #spread({ partitions }: ClusterTopic): number {
    const all = Array.from(partitions.keys()).sort((a, b) => a - b);
    const led = all.filter((index) => partitions.get(index)?.leader !== undefined);
    const candidates = led.length > 0 ? led : all;
    const turn = this.#next;
    this.#next = (this.#next + 1) % Number.MAX_SAFE_INTEGER;
    return candidates[turn % candidates.length] ?? 0;
  }
}
