import {
  type GroupApi,
  type GroupRequest,
  type GroupShard,
  groupRefusal,
  type ListedGroup,
  partitionFor,
} from '@barnabas/coordinator';
import type { Clock, ErrorName, Scheduler, TopicPartition } from '@barnabas/model';
import type { APIS, Codec, InputOf, TypeOf } from '@barnabas/protocol';
import type { ClusterImage, ClusterView } from '../cluster/cluster-image.ts';
import { OFFSETS_TOPIC } from '../cluster/internal-topics.ts';
import type { Logger } from '../logger.ts';
import type { BrokerMetrics } from '../metrics/broker-metrics.ts';
import type { ReplicaNews, ReplicaStatus, Replicas } from '../replication/replicas.ts';
import { SerialQueue } from '../replication/waits/serial-queue.ts';
import { deletedTopics } from './deleted-topics.ts';
import { groupIdOf, mayBeEmpty } from './group-id.ts';
import { HostedShard } from './hosted-shard.ts';
import type { OffsetsTopicSize } from './offsets-topic-size.ts';

/** The replicas of the offsets topic, as its coordinator uses them. */
export type LedReplicas = Pick<Replicas, 'fetch' | 'produce'> & {
  onNews(listener: (partition: TopicPartition, news: ReplicaNews) => void): () => void;
  statusOf(topicPartition: TopicPartition): ReplicaStatus | undefined;
};

export type GroupCoordinatorOptions = {
  readonly replicas: LedReplicas;
  readonly cluster: ClusterView;
  readonly topicSize: Pick<OffsetsTopicSize, 'partitions'>;
  /** Makes the groups of a partition, none yet. */
  readonly createShard: () => GroupShard;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** `offsets.load.buffer.size` */
  readonly loadBufferBytes: number;
  /** `offsets.commit.timeout.ms` */
  readonly commitTimeoutMs: number;
  /** `offsets.topic.compression.codec` */
  readonly codec: Codec;
  readonly metrics: Pick<BrokerMetrics, 'groupsLoaded'>;
  readonly log: Logger;
};

/** A request of one group, of that API; see `GroupRequest`. */
export type GroupRequestOf<Api extends GroupApi> = Pick<GroupRequest, 'version' | 'clientId' | 'clientHost'> & {
  readonly api: Api;
  readonly request: TypeOf<(typeof APIS)[Api]['request']>;
};
export type GroupAnswer<Api extends GroupApi> = InputOf<(typeof APIS)[Api]['response']>;

/** The groups that this broker coordinates, as far as they are loaded. */
export type ListedGroups = { readonly isLoading: boolean; readonly groups: readonly ListedGroup[] };

/** How long groups that have failed are left alone before they are loaded anew. */
const RECOVERY_MS = 1000;

/**
 * The coordinator of the groups whose partition of the offsets topic this broker leads: hosts a shard for each of those partitions,
 * from the news that it leads to the news that it does so no longer, or in another epoch. Made by the broker once it has its
 * replicas; `close` is to come before theirs.
 *
 * Invariant: there is at most one shard of a partition that is not over, and it is of the last leader epoch that the replicas have
 * told of.
 */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions;
  readonly #shards = new Map<number, HostedShard>();
  readonly #loads = new SerialQueue();
  readonly #stopListening: (() => void)[];
  #image: ClusterImage;
  #isClosed = false;

  constructor(options: GroupCoordinatorOptions) {
    const { replicas, cluster } = options;
    this.#options = options;
    this.#image = cluster.image;
    this.#stopListening = [
      replicas.onNews((partition, news) => {
        if (news === 'role' && partition.topic === OFFSETS_TOPIC) this.#onRole(partition.partition);
      }),
      cluster.onChange((image) => this.#onCluster(image)),
    ];
  }

  /** Has the group's shard answer; a refusal where there is none. `signal`: nobody waits any longer. Never rejects. */
  async ask<Api extends GroupApi>(asked: GroupRequestOf<Api>, signal: AbortSignal): Promise<GroupAnswer<Api>> {
    const request = asked as GroupRequest;
    const found = this.#shardFor(request);
    const answer = typeof found === 'string' ? groupRefusal(request, found) : await found.ask(request, signal);
    return answer as GroupAnswer<Api>;
  }

  /** In the order of their partitions. */
  list(): ListedGroups | undefined {
    if (this.#isClosed) return undefined;
    const shards = [...this.#shards].sort(([one], [other]) => one - other).map(([, shard]) => shard);
    return { isLoading: shards.some(({ isLoading }) => isLoading), groups: shards.flatMap((shard) => shard.list()) };
  }

  /** Resigns from everything; who asks is sent away. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stopListening) stop();
    for (const shard of this.#shards.values()) shard.resign();
    this.#shards.clear();
  }

  /** In Kafka's order. */
  #shardFor(request: GroupRequest): HostedShard | ErrorName {
    const groupId = groupIdOf(request);
    if (groupId === '' && !mayBeEmpty(request.api)) return 'INVALID_GROUP_ID';
    if (this.#isClosed) return 'COORDINATOR_NOT_AVAILABLE';
    const { partitions } = this.#options.topicSize;
    if (partitions === undefined) return 'NOT_COORDINATOR';
    return this.#shards.get(partitionFor(groupId, partitions)) ?? 'NOT_COORDINATOR';
  }

  #onRole(partition: number): void {
    const status = this.#options.replicas.statusOf({ topic: OFFSETS_TOPIC, partition });
    const hosted = this.#shards.get(partition);
    const isLed = status?.role === 'leader';
    if (isLed && hosted?.led.leaderEpoch === status.leaderEpoch) return;
    this.#shards.delete(partition);
    hosted?.resign();
    if (isLed) this.#host(status);
  }

  #host({ topicPartition, leaderEpoch, logStartOffset: start, logEndOffset: end }: ReplicaStatus): void {
    const { createShard, commitTimeoutMs: timeoutMs, ...rest } = this.#options;
    const hosted: HostedShard = new HostedShard({
      ...rest,
      timeoutMs,
      led: { topicPartition, leaderEpoch },
      range: { start, end },
      shard: createShard(),
      loads: this.#loads,
      onBroken: () => this.#recover(hosted),
    });
    this.#shards.set(topicPartition.partition, hosted);
    hosted.start();
  }

  /** What it appended last may be in the log or not; the log end of then is the one that counts. */
  #recover(broken: HostedShard): void {
    const { partition } = broken.led.topicPartition;
    this.#options.scheduler.after(RECOVERY_MS, () => {
      if (this.#isClosed || this.#shards.get(partition) !== broken) return;
      this.#shards.delete(partition);
      this.#onRole(partition);
    });
  }

  #onCluster(image: ClusterImage): void {
    const deleted = deletedTopics(this.#image, image);
    this.#image = image;
    for (const topic of deleted) for (const shard of this.#shards.values()) shard.topicDeleted(topic);
  }
}
