import { type BrokerId, ERRORS } from '@barnabas/model';
import { LOG_DIR_EVENTS } from '@barnabas/zookeeper';
import type { Partition } from '../cluster/partition.ts';
import type { ControlAnswer } from '../requests/broker-sender.ts';
import { takeNotifications } from '../znodes/take-notifications.ts';
import type { PartitionChanges } from './partition-changes.ts';
import type { TermParts } from './term-parts.ts';

type LeaderAndIsrAnswer = Extract<ControlAnswer, { readonly api: 'LeaderAndIsr' }>;

/**
 * Log directories that fail. A broker says so by a notification; it is then told again of all its replicas, and answers
 * KAFKA_STORAGE_ERROR for those that it has lost. They are offline until it answers otherwise, or starts anew.
 */
export class LogDirFailures {
  readonly #parts: TermParts;
  readonly #changes: PartitionChanges;
  readonly #dirty: () => void;

  /** @param dirty called when `changed` has to be */
  constructor(parts: TermParts, changes: PartitionChanges, dirty: () => void) {
    this.#parts = parts;
    this.#changes = changes;
    this.#dirty = dirty;
  }

  /** Deletes what is there when the term begins: all brokers are told of all their replicas then. */
  async begin(): Promise<void> {
    const { done } = await this.#take();
    await done();
  }

  async changed(): Promise<void> {
    const { cluster, announcements } = this.#parts;
    const { contents, done } = await this.#take();
    const brokers = new Set(contents);
    for (const partition of cluster.lastingPartitions()) {
      const concerned = partition.assignment.replicas.filter((id) => brokers.has(id));
      if (concerned.length > 0) announcements.leaderAndIsr(concerned, partition);
    }
    announcements.flush();
    await done();
  }

  /** Whether there is something in the answer that `answered` has to deal with. */
  concerns({ broker, response }: LeaderAndIsrAnswer): boolean {
    const hasFailures = response.topics.some(({ partitionErrors }) =>
      partitionErrors.some(({ errorCode }) => errorCode === ERRORS.KAFKA_STORAGE_ERROR.code),
    );
    return (
      hasFailures || [...this.#parts.cluster.partitions()].some(({ failedReplicas }) => failedReplicas.has(broker))
    );
  }

  async answered({ broker, brokerEpoch, response }: LeaderAndIsrAnswer): Promise<void> {
    const { cluster, announcements } = this.#parts;
    if (cluster.brokers.get(broker)?.epoch !== brokerEpoch) return;
    const changed = response.topics.flatMap(({ topicId, partitionErrors }) => {
      const topic = cluster.topics.get(cluster.topicNameOf(topicId) ?? '');
      return partitionErrors.flatMap(({ partitionIndex, errorCode }) => {
        const partition = topic?.partitions.get(partitionIndex);
        return partition !== undefined && this.#note(partition, broker, errorCode) ? [partition] : [];
      });
    });
    if (changed.length === 0) return;
    const kept = changed.filter(({ topic }) => cluster.topics.get(topic)?.isDeleting === false);
    await this.#changes.settle(kept);
    for (const partition of kept) announcements.metadata(partition);
    announcements.flush();
  }

  /** True where that is news. */
  #note(partition: Partition, broker: BrokerId, errorCode: number): boolean {
    if (errorCode === ERRORS.NONE.code) return partition.failedReplicas.delete(broker);
    if (errorCode !== ERRORS.KAFKA_STORAGE_ERROR.code || partition.failedReplicas.has(broker)) return false;
    partition.failedReplicas.add(broker);
    const { topic, partition: index } = partition;
    this.#parts.options.logger.warn(
      { broker, topic, partition: index },
      'a replica is offline: its directory has failed',
    );
    return true;
  }

  #take() {
    const { fenced, options } = this.#parts;
    return takeNotifications(fenced, LOG_DIR_EVENTS, options.logger, this.#dirty);
  }
}
