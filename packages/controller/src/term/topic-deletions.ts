import { type BrokerId, ERRORS } from '@barnabas/model';
import { configPath, DELETE_TOPICS_PATH, deleteTopicPath, topicPath, type ZooKeeperSession } from '@barnabas/zookeeper';
import type { Partition } from '../cluster/partition.ts';
import type { Topic } from '../cluster/topic.ts';
import type { ControlAnswer } from '../requests/broker-sender.ts';
import { removeFromIsr } from '../state/remove-from-isr.ts';
import { deleteTree } from '../znodes/delete-tree.ts';
import type { PartitionChanges } from './partition-changes.ts';
import { ReplicaDeletions } from './replica-deletions.ts';
import type { TermParts } from './term-parts.ts';

/**
 * Topics whose deletion has been asked for, by a marker in ZooKeeper. A topic is deleted in steps, each of which can be done
 * again by the next controller:
 *
 * 1. Its partitions lose their leaders, in ZooKeeper; from now on they get none. Brokers forget them as metadata.
 * 2. Brokers that are there delete their replicas. Replicas of the others wait until these come back.
 * 3. Once all replicas are known to be deleted: what is below the topic's znode, then the topic, its configuration and the
 *    marker in one transaction, so that nothing of a topic that is created under the same name can be taken with it.
 *
 * Source: Kafka's TopicDeletionManager, which writes a state for each replica and deletes each znode by itself.
 */
export class TopicDeletions {
  readonly #parts: TermParts;
  readonly #changes: PartitionChanges;
  readonly #dirty: () => void;
  readonly #queued = new Set<string>();
  /** Topics of which the first step is done. */
  readonly #replicas = new Map<Topic, ReplicaDeletions>();

  /** @param dirty called when `changed` has to be */
  constructor(parts: TermParts, changes: PartitionChanges, dirty: () => void) {
    this.#parts = parts;
    this.#changes = changes;
    this.#dirty = dirty;
  }

  /** How many topics wait to be deleted. */
  get size(): number {
    return this.#queued.size;
  }

  isQueued(topic: string): boolean {
    return this.#queued.has(topic);
  }

  /** Looks for markers, and marks the topics, without beginning. */
  async load(): Promise<void> {
    const { fenced, cluster, options } = this.#parts;
    const watch = { watch: this.#dirty };
    const { children } = await fenced.untilAnswered((session) => session.children(DELETE_TOPICS_PATH, watch));
    const fresh = children.filter((name) => !this.#queued.has(name)).toSorted();
    const isEnabled = options.config.deleteTopicEnable;
    if (fresh.length > 0 && !isEnabled) {
      options.logger.warn({ topics: fresh }, 'topics are not deleted, since delete.topic.enable is false');
    }
    const here = await fenced.readMany(fresh, topicExists);
    for (const [index, name] of fresh.entries()) {
      if (!isEnabled || here[index] !== true) await this.#removeMarker(name);
      else this.#queued.add(name);
    }
    for (const name of this.#queued) {
      const topic = cluster.topics.get(name);
      if (topic !== undefined) topic.isDeleting = true;
    }
  }

  async changed(): Promise<void> {
    await this.load();
    await this.resume();
  }

  /** Begins with what has not begun. */
  async resume(): Promise<void> {
    const { cluster, announcements } = this.#parts;
    for (const name of this.#queued) {
      const topic = cluster.topics.get(name);
      if (topic !== undefined && !this.#replicas.has(topic)) await this.#begin(topic);
    }
    await this.#finishAll();
    announcements.flush();
  }

  brokerGone(broker: BrokerId): void {
    for (const replicas of this.#replicas.values()) replicas.brokerGone(broker);
  }

  /** Those that have lost but their sessions may still take the topics for live ones, and would not delete their replicas. */
  brokersCame(brokers: ReadonlySet<BrokerId>): void {
    for (const [topic, replicas] of this.#replicas) {
      for (const partition of topic.partitions.values()) this.#parts.announcements.deletion(partition);
      for (const [partition, broker] of replicas.retry(brokers)) this.#stop(broker, partition);
    }
  }

  /** What it has been told may not have reached it. */
  stopAgain(broker: BrokerId): void {
    for (const [topic, replicas] of this.#replicas) {
      for (const partition of topic.partitions.values()) this.#parts.announcements.deletion(partition);
      for (const partition of replicas.startedOn(broker)) this.#stop(broker, partition);
    }
  }

  /** The topic is gone without our doing. */
  forget(topic: Topic): void {
    this.#replicas.delete(topic);
  }

  /** A broker has answered to StopReplica. */
  async answered({
    broker,
    brokerEpoch,
    request,
    response,
  }: Extract<ControlAnswer, { api: 'StopReplica' }>): Promise<void> {
    const { cluster, announcements } = this.#parts;
    if (cluster.brokers.get(broker)?.epoch !== brokerEpoch) return;
    const errors = new Map(
      response.partitionErrors.map(({ topicName, partitionIndex, errorCode }) => [
        `${topicName}-${partitionIndex}`,
        errorCode,
      ]),
    );
    for (const { topicName, partitionStates } of request.topicStates ?? []) {
      const topic = cluster.topics.get(topicName);
      const replicas = topic === undefined ? undefined : this.#replicas.get(topic);
      for (const { partitionIndex, deletePartition } of partitionStates) {
        const partition = topic?.partitions.get(partitionIndex);
        if (replicas === undefined || partition === undefined || !deletePartition) continue;
        const error = response.errorCode === ERRORS.NONE.code ? errors.get(partition.key) : response.errorCode;
        replicas.answered(partition, broker, isDeleted(error));
        if (!isDeleted(error)) this.#tellFailure(broker, partition, error);
      }
    }
    await this.#finishAll();
    announcements.flush();
  }

  async #begin(topic: Topic): Promise<void> {
    const { cluster, announcements, survey, options } = this.#parts;
    options.logger.info({ topic: topic.name, topicId: topic.id }, 'deleting a topic');
    topic.isDeleting = true;
    await this.#changes.change(topic.partitions.values(), withoutLeader, 'nobody');
    const replicas = new ReplicaDeletions(topic.partitions.values());
    this.#replicas.set(topic, replicas);
    for (const partition of topic.partitions.values()) {
      survey.forget(partition);
      announcements.deletion(partition);
    }
    // Those that are damaged, too, can be deleted; for a directory that has failed the broker says so.
    for (const [partition, broker] of replicas.start((id) => cluster.brokers.has(id))) this.#stop(broker, partition);
  }

  async #finishAll(): Promise<void> {
    for (const [topic, replicas] of this.#replicas) if (replicas.isComplete) await this.#finish(topic, replicas);
  }

  async #finish(topic: Topic, replicas: ReplicaDeletions): Promise<void> {
    const { fenced, cluster, options } = this.#parts;
    const { name } = topic;
    const together = [configPath({ type: 'topic', topic: name }), deleteTopicPath(name)];
    await deleteTree(fenced, topicPath(name), together);
    replicas.end();
    this.#replicas.delete(topic);
    this.#queued.delete(name);
    cluster.removeTopic(topic);
    options.logger.info({ topic: name, topicId: topic.id }, 'a topic has been deleted');
  }

  #stop(broker: BrokerId, partition: Partition): void {
    this.#parts.announcements.stopReplica(broker, partition, true);
  }

  async #removeMarker(name: string): Promise<void> {
    await deleteTree(this.#parts.fenced, deleteTopicPath(name), []);
  }

  #tellFailure(broker: BrokerId, { topic, partition }: Partition, errorCode: number | undefined): void {
    const fields = { broker, topic, partition, errorCode };
    this.#parts.options.logger.warn(fields, 'a replica was not deleted; once its broker starts again it will be');
  }
}

function withoutLeader({ leaderAndIsr, assignment }: Partition) {
  return leaderAndIsr === undefined ? undefined : removeFromIsr(leaderAndIsr, new Set(assignment.replicas));
}

/** Who does not know the partition has nothing to delete. */
function isDeleted(errorCode: number | undefined): boolean {
  return errorCode === ERRORS.NONE.code || errorCode === ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code;
}

async function topicExists(session: ZooKeeperSession, name: string): Promise<boolean> {
  return (await session.exists(topicPath(name))) !== undefined;
}
