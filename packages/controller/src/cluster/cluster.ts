import type { BrokerId, TopicPartition } from '@barnabas/model';
import type { PartitionView } from '../election/partition-view.ts';
import { UncleanReplicas } from '../election/unclean-replicas.ts';
import type { Partition } from './partition.ts';
import type { RegisteredBroker } from './registered-broker.ts';
import { Topic } from './topic.ts';

const NOBODY: ReadonlySet<BrokerId> = new Set();

/**
 * All that the active controller knows, from ZooKeeper and nowhere else. One object for each term; changed by the event that
 * runs, read by anybody.
 */
export class Cluster {
  readonly unclean = new UncleanReplicas();
  readonly #brokers = new Map<BrokerId, RegisteredBroker>();
  readonly #topics = new Map<string, Topic>();
  readonly #topicNames = new Map<string, string>();
  #hasGaps = false;
  #live: ReadonlySet<BrokerId> = new Set();
  #shuttingDown: ReadonlySet<BrokerId> = new Set();

  /** Those that are registered, also while they are shutting down. */
  get brokers(): ReadonlyMap<BrokerId, RegisteredBroker> {
    return this.#brokers;
  }

  /** Ids of `brokers`. */
  get present(): ReadonlySet<BrokerId> {
    return this.#live.union(this.#shuttingDown);
  }

  get topics(): ReadonlyMap<string, Topic> {
    return this.#topics;
  }

  /** Whether there is something in ZooKeeper that could not be read: what is not known here may be there all the same. */
  get hasGaps(): boolean {
    return this.#hasGaps;
  }

  noteGap(): void {
    this.#hasGaps = true;
  }

  setBroker(broker: RegisteredBroker): void {
    this.#brokers.set(broker.id, broker);
    this.#sortBrokers();
  }

  removeBroker(id: BrokerId): void {
    this.#brokers.delete(id);
    this.#sortBrokers();
  }

  addTopic(name: string, id: string): Topic {
    const topic = new Topic(name, id);
    this.#topics.set(name, topic);
    this.#topicNames.set(id, name);
    return topic;
  }

  removeTopic(topic: Topic): void {
    this.#topics.delete(topic.name);
    this.#topicNames.delete(topic.id);
    for (const partition of topic.partitions.values()) this.#forget(partition);
  }

  /** It is given up: nothing can be said of it any more. */
  removePartition(partition: Partition): void {
    this.noteGap();
    this.#topics.get(partition.topic)?.partitions.delete(partition.partition);
    this.#forget(partition);
  }

  topicNameOf(id: string): string | undefined {
    return this.#topicNames.get(id);
  }

  partition({ topic, partition }: TopicPartition): Partition | undefined {
    return this.#topics.get(topic)?.partitions.get(partition);
  }

  *partitions(): Iterable<Partition> {
    for (const topic of this.#topics.values()) yield* topic.partitions.values();
  }

  /** Those that elections are about: of topics that are not being deleted. */
  *lastingPartitions(): Iterable<Partition> {
    for (const topic of this.#topics.values()) if (!topic.isDeleting) yield* topic.partitions.values();
  }

  /** undefined where the partition has no state. @param absent brokers that do not count as present */
  viewOf(partition: Partition, absent: ReadonlySet<BrokerId> = NOBODY): PartitionView | undefined {
    const current = partition.leaderAndIsr;
    if (current === undefined) return undefined;
    return {
      assignment: partition.assignment.replicas,
      current,
      live: this.#usable(partition, this.#live, absent),
      shuttingDown: this.#usable(partition, this.#shuttingDown, absent),
      failed: partition.failedReplicas.difference(absent),
      marked: this.unclean.of(partition),
    };
  }

  /** Where a new partition may begin: live brokers whose directory can be used. */
  liveFor(partition: Partition): ReadonlySet<BrokerId> {
    return this.#usable(partition, this.#live, NOBODY);
  }

  #usable(
    { failedReplicas }: Partition,
    brokers: ReadonlySet<BrokerId>,
    absent: ReadonlySet<BrokerId>,
  ): ReadonlySet<BrokerId> {
    const isAllUsable = failedReplicas.size === 0 && absent.size === 0;
    return isAllUsable ? brokers : brokers.difference(failedReplicas).difference(absent);
  }

  #forget(partition: Partition): void {
    partition.delete();
    this.unclean.forget(partition);
  }

  #sortBrokers(): void {
    const ids = (isShuttingDown: boolean) =>
      new Set([...this.#brokers.values()].filter((b) => b.isShuttingDown === isShuttingDown).map(({ id }) => id));
    this.#live = ids(false);
    this.#shuttingDown = ids(true);
  }
}
