import type { GroupApi } from '@barnabas/coordinator';
import type { ClusterImage, ClusterView } from '../../../src/cluster/cluster-image.ts';
import { OFFSETS_TOPIC } from '../../../src/cluster/internal-topics.ts';
import {
  type GroupAnswer,
  GroupCoordinator,
  type GroupRequestOf,
  type LedReplicas,
} from '../../../src/groups/group-coordinator.ts';
import type { ReplicaManager } from '../../../src/replication/replica-manager.ts';
import { recordingLog } from '../recording-log.ts';
import { TOPIC } from '../replication/fake-controller.ts';
import { ReplicaCluster } from '../replication/replica-cluster.ts';
import { TestView } from '../replication/test-view.ts';
import { CommitShard } from './commit-shard.ts';

/**
 * Coordinators of three brokers, over replicas whose one partition goes by the name of the offsets topic. Followers fetch when a
 * test says so.
 */
export class GroupCluster {
  readonly replicas: ReplicaCluster;
  readonly log = recordingLog();
  /** Of each broker, in the order in which they were made. */
  readonly shards = new Map<number, CommitShard[]>();
  /** Topics that there are beside the one of the groups. */
  readonly topics = new TestView();
  readonly #coordinators = new Map<number, GroupCoordinator>();

  private constructor(replicas: ReplicaCluster) {
    this.replicas = replicas;
    for (const id of replicas.brokers.keys()) this.host(id);
  }

  /** Broker 1 coordinates, and all replicas are in sync. */
  static async start(): Promise<GroupCluster> {
    const cluster = new GroupCluster(await ReplicaCluster.start());
    await cluster.elect(1);
    await cluster.replicas.replicate();
    await cluster.advanceBy(0);
    return cluster;
  }

  /** The coordinator of a broker that has begun anew. */
  host(id: number): void {
    const { replicas, view } = this.replicas.broker(id);
    const shards: CommitShard[] = this.shards.get(id) ?? [];
    this.shards.set(id, shards);
    const coordinator = new GroupCoordinator({
      replicas: asOffsetsTopic(replicas),
      cluster: this.#viewOver(view),
      topicSize: { partitions: 1 },
      createShard: () => {
        const shard = new CommitShard();
        shards.push(shard);
        return shard;
      },
      clock: this.replicas.clock,
      scheduler: this.replicas.scheduler,
      loadBufferBytes: 1_000_000,
      commitTimeoutMs: 5000,
      codec: 'none',
      metrics: { groupsLoaded: () => {} },
      log: this.log,
    });
    this.#coordinators.set(id, coordinator);
  }

  coordinator(id: number): GroupCoordinator {
    const found = this.#coordinators.get(id);
    if (found === undefined) throw new Error(`there is no broker ${id}`);
    return found;
  }

  ask<Api extends GroupApi>(id: number, request: GroupRequestOf<Api>): Promise<GroupAnswer<Api>> {
    return this.coordinator(id).ask(request, new AbortController().signal);
  }

  elect(leader: number): Promise<void> {
    return this.replicas.elect(leader);
  }

  /** Time passes, and nobody fetches. */
  advanceBy(durationMs: number): Promise<void> {
    return this.replicas.scheduler.advanceBy(durationMs);
  }

  /** All followers catch up, and what waits for that goes on. */
  async replicate(): Promise<void> {
    await this.replicas.replicate();
    await this.advanceBy(0);
  }

  /** What the last shard of a broker was told. */
  told(id: number): readonly string[] {
    return this.shards.get(id)?.at(-1)?.told ?? [];
  }

  #viewOver(view: TestView): ClusterView {
    const { topics } = this;
    const seen = (): ClusterImage => ({
      ...view.image,
      topics: new Map([
        ...topics.image.topics,
        ...[...view.image.topics.values()].map((topic) => [OFFSETS_TOPIC, { ...topic, name: OFFSETS_TOPIC }] as const),
      ]),
    });
    return {
      get image() {
        return seen();
      },
      onChange: (listener) => {
        const stops = [view.onChange(() => listener(seen())), topics.onChange(() => listener(seen()))];
        return () => {
          for (const stop of stops) stop();
        };
      },
    };
  }
}

function asOffsetsTopic(replicas: ReplicaManager): LedReplicas {
  const renamed = <T extends { readonly topic: string }>(it: T): T => ({ ...it, topic: TOPIC });
  return {
    produce: (batches, options) => replicas.produce(batches.map(renamed), options),
    fetch: (spec) => replicas.fetch({ ...spec, partitions: spec.partitions.map(renamed) }),
    onNews: (listener) => replicas.onNews(({ partition }, news) => listener({ topic: OFFSETS_TOPIC, partition }, news)),
    statusOf: (topicPartition) => {
      const status = replicas.statusOf(renamed(topicPartition));
      return status && { ...status, topicPartition };
    },
  };
}
