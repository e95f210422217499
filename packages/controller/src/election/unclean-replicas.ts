import { type BrokerId, formatTopicPartition, type TopicPartition } from '@barnabas/model';

/**
 * Which replicas may lack what they had acknowledged: those of a broker that registered with the `unclean` mark, each until
 * it is known to have caught up. The mark itself stands in the broker's znode until the broker has heard that it was dealt with.
 *
 * Owned by the active controller and fed from its event thread. A new controller begins with all replicas of the brokers
 * whose znode has the mark: some may have caught up since, and catch up again.
 */
export class UncleanReplicas {
  readonly #brokersByPartition = new Map<string, Set<BrokerId>>();

  /** A broker has registered with the mark; `partitions` are those it has a replica of. */
  mark(broker: BrokerId, partitions: Iterable<TopicPartition>): void {
    for (const partition of partitions) this.#brokersOf(partition).add(broker);
  }

  /**
   * The replica has joined the ISR by its leader's proposal, or was itself elected: what it lacks is no longer missed. A
   * registration without the mark is no reason: what was lost before a clean shutdown stays lost.
   */
  trust(broker: BrokerId, partition: TopicPartition): void {
    this.#brokersOf(partition).delete(broker);
  }

  /** The partition has been deleted. */
  forget(partition: TopicPartition): void {
    this.#brokersByPartition.delete(formatTopicPartition(partition));
  }

  /** The marked ones among the partition's replicas. */
  of(partition: TopicPartition): ReadonlySet<BrokerId> {
    return this.#brokersByPartition.get(formatTopicPartition(partition)) ?? new Set();
  }

  #brokersOf(partition: TopicPartition): Set<BrokerId> {
    const key = formatTopicPartition(partition);
    const brokers = this.#brokersByPartition.get(key) ?? new Set();
    this.#brokersByPartition.set(key, brokers);
    return brokers;
  }
}
