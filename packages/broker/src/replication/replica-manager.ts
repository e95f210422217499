import { dirname } from 'node:path';
import {
  type BrokerId,
  type Clock,
  controllerEpoch,
  type ErrorName,
  type LeaderEpoch,
  type Scheduler,
  type Timer,
  type TopicPartition,
} from '@barnabas/model';
import type { LeaderAndIsrRequest, StopReplicaRequest } from '@barnabas/protocol';
import type { FileSystem, LogDirFailedError, LogManager } from '@barnabas/storage';
import type { PeerResponse } from '@barnabas/transport';
import type { ClusterImage, ClusterView } from '../cluster/cluster-image.ts';
import type { ControllerFence } from '../cluster/controller-fence.ts';
import { isStaleBrokerEpoch } from '../cluster/stale-broker-epoch.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { Logger } from '../logger.ts';
import type { BrokerMetrics } from '../metrics/broker-metrics.ts';
import type { Requests } from '../peers/requests.ts';
import type { TopicConfigSource } from '../topics/topic-config-source.ts';
import type { ControlParts } from './control/control-parts.ts';
import { FirstRequests } from './control/first-requests.ts';
import { leaderAndIsr, leaderAndIsrRefused } from './control/leader-and-isr.ts';
import { stopReplicaRefused, stopReplicas } from './control/stop-replica.ts';
import { DamagedReplicas } from './damaged-replicas.ts';
import { deleteRecords, failed } from './deletion/delete-records.ts';
import type { DeletedRecords, RecordDeletion, RecordsToDelete } from './deletion/record-deletion.ts';
import { findPartition, readFault } from './find-partition.ts';
import type { Fetchers } from './followed-partition.ts';
import { HostedPartitions } from './hosted-partitions.ts';
import { IsrManager } from './isr/isr-manager.ts';
import { offsetFor } from './offset-for.ts';
import type { LeadershipEnvironment } from './partition/leadership.ts';
import { Partition, type PartitionListener } from './partition/partition.ts';
import { appendBatch } from './produce.ts';
import { FetchRun } from './reads/fetch-run.ts';
import { ReplicaLogs } from './replica-logs.ts';
import { countsOf, type ReplicaCounts, statusOf } from './replica-status.ts';
import type {
  AskedPartition,
  BatchToProduce,
  EpochEnd,
  FetchableReplicas,
  FetchedPartition,
  FetchSpec,
  OffsetAnswer,
  OffsetQuery,
  ProduceOptions,
  ProduceResult,
  ReplicaNews,
  ReplicaStatus,
} from './replicas.ts';
import { Deadlines } from './waits/deadlines.ts';
import { ProduceRequest } from './waits/produce-request.ts';
import { SerialQueue } from './waits/serial-queue.ts';

export type ReplicaManagerOptions = {
  readonly localId: BrokerId;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Open; its `onDirFailure` is to call ours. It is closed after us. */
  readonly logs: LogManager;
  /** The one that `logs` is open on. */
  readonly fs: FileSystem;
  readonly cluster: ClusterView;
  readonly coordination: Coordination;
  readonly requests: Requests;
  /** The broker's one. */
  readonly controllerFence: ControllerFence;
  readonly fetchers: Fetchers;
  readonly topics: TopicConfigSource;
  readonly metrics: Pick<BrokerMetrics, 'isrShrunk' | 'isrExpanded' | 'isrUpdateFailed'>;
  readonly logger: Logger;
  /** `replica.lag.time.max.ms` */
  readonly replicaLagTimeMaxMs: number;
  /** `replica.high.watermark.checkpoint.interval.ms` */
  readonly highWatermarkCheckpointIntervalMs: number;
  /** How long to wait for the controller's answer to AlterPartition: `controller.socket.timeout.ms` */
  readonly alterPartitionTimeoutMs: number;
  /**
   * Writes a `log_dir_event_notification` znode, upon which the controller asks all replicas of this broker how they are with a
   * LeaderAndIsr: a directory or a log has failed, or a damaged replica may be made anew. Must not throw.
   */
  readonly onLogDirEvent: () => void;
};

/**
 * The partitions that this broker has replicas of: what the doors append to and read, what the controller assigns, and
 * what followers follow.
 *
 * Control requests run one after the other, and within one all partitions at the same time. Everything else runs as it
 * comes; a partition sees to its own order. It expects `fetchers` to be closed before it, and `logs` after it.
 *
 * Ends with `close`. Source: Kafka's ReplicaManager.
 */
export class ReplicaManager implements FetchableReplicas, RecordDeletion {
  readonly #options: ReplicaManagerOptions;
  readonly #hosted = new HostedPartitions();
  readonly #logs: ReplicaLogs;
  readonly #isrManager: IsrManager;
  readonly #deadlines: Deadlines;
  readonly #damaged: DamagedReplicas;
  readonly #control = new SerialQueue();
  readonly #firstRequests = new FirstRequests();
  readonly #newsListeners = new Set<(partition: TopicPartition, news: ReplicaNews) => void>();
  readonly #leadershipEnvironment: LeadershipEnvironment;
  readonly #partitionListener: PartitionListener;
  readonly #timers: Timer[] = [];
  readonly #stopWatching: (() => void)[] = [];
  #brokersAlive: ClusterImage['brokers'];

  private constructor(options: ReplicaManagerOptions) {
    const { localId, cluster, clock, scheduler, logger } = options;
    this.#options = options;
    this.#logs = new ReplicaLogs(options.logs, options.fs);
    this.#isrManager = new IsrManager({ ...options, deadlineMs: options.alterPartitionTimeoutMs });
    this.#deadlines = new Deadlines(clock, scheduler);
    this.#damaged = new DamagedReplicas(localId, options.onLogDirEvent);
    this.#leadershipEnvironment = {
      localId,
      clock,
      cluster,
      proposals: this.#isrManager,
      replicaLagTimeMaxMs: options.replicaLagTimeMaxMs,
      metrics: options.metrics,
      logger,
    };
    this.#partitionListener = {
      onNews: (partition, news) => this.#onNews(partition, news),
      onDamage: (partition, error) => this.#onDamage(partition, error),
    };
    this.#brokersAlive = cluster.image.brokers;
  }

  /**
   * Takes over the logs that are there; the controller says what to do with them.
   * Rejects with MalformedFileError for a `partition.metadata` that is none, or with the system's error.
   */
  static async open(options: ReplicaManagerOptions): Promise<ReplicaManager> {
    const manager = new ReplicaManager(options);
    for (const found of await manager.#logs.found()) {
      const partition = manager.#host(found.topicPartition, found.topicId);
      if (found.kind === 'usable') partition.hold(found.log);
      else partition.goOffline(found.cause, found.message);
    }
    manager.#watch();
    return manager;
  }

  async produce(batches: readonly BatchToProduce[], options: ProduceOptions): Promise<readonly ProduceResult[]> {
    const request = new ProduceRequest(batches.length);
    for (let place = 0; place < batches.length; place++) {
      const batch = batches[place];
      if (batch === undefined) continue;
      const partition = findPartition(this.#hosted, this.#options.cluster, batch);
      appendBatch({ batch, place, partition }, options, request, this.#options.logger);
    }
    return request.results(this.#deadlines, options.timeoutMs);
  }

  async fetch(spec: FetchSpec): Promise<readonly FetchedPartition[]> {
    const find = (asked: AskedPartition): Partition | ErrorName =>
      findPartition(this.#hosted, this.#options.cluster, asked);
    return new FetchRun(spec, find, this.#deadlines, this.#options.logger).answer();
  }

  deleteRecords(
    asked: readonly RecordsToDelete[],
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<readonly DeletedRecords[]> {
    const { cluster, logger } = this.#options;
    const waiting = { ...options, deadlines: this.#deadlines };
    const deletions = asked.map(async (each) => {
      const partition = findPartition(this.#hosted, cluster, { ...each, topicId: undefined });
      if (typeof partition !== 'string') return deleteRecords(partition, each, waiting, logger);
      return failed(partition, `this broker has no replica of ${each.topic}-${each.partition}`);
    });
    return Promise.all(deletions);
  }

  async offsetFor(query: OffsetQuery): Promise<OffsetAnswer> {
    const partition = findPartition(this.#hosted, this.#options.cluster, query);
    if (typeof partition !== 'string') return offsetFor(partition, query);
    return {
      kind: 'failed',
      error: partition,
      message: `this broker has no replica of ${query.topic}-${query.partition}`,
    };
  }

  endOffsetForEpoch(
    asked: AskedPartition & { readonly leaderEpoch: LeaderEpoch; readonly currentLeaderEpoch: LeaderEpoch | undefined },
  ): EpochEnd {
    const partition = findPartition(this.#hosted, this.#options.cluster, asked);
    if (typeof partition === 'string') return { kind: 'failed', error: partition };
    const fault = readFault(partition, asked.currentLeaderEpoch, true);
    if (fault !== undefined) return { kind: 'failed', error: fault };
    const end = partition.log?.endOffsetForEpoch(asked.leaderEpoch);
    return end === undefined
      ? { kind: 'undefined' }
      : { kind: 'found', leaderEpoch: end.epoch, endOffset: end.endOffset };
  }

  leaderAndIsr(request: LeaderAndIsrRequest): Promise<PeerResponse<'LeaderAndIsr'>> {
    return this.#inControl(request, leaderAndIsrRefused, () => leaderAndIsr(request, this.#parts));
  }

  stopReplica(request: StopReplicaRequest): Promise<PeerResponse<'StopReplica'>> {
    return this.#inControl(request, stopReplicaRefused, () => stopReplicas(request, this.#parts));
  }

  /** To be called by the log manager's `onDirFailure`: what lies in the directory is offline for as long as the broker runs. */
  onDirFailure({ dir, message }: LogDirFailedError): void {
    const failed = [...this.#hosted].filter(({ log }) => log !== undefined && dirname(log.dir) === dir);
    this.#options.logger.error({ dir, partitions: failed.length }, message);
    for (const partition of failed) partition.goOffline('directory', message);
    this.#options.fetchers.unfollow(failed.map(({ topicPartition }) => topicPartition));
    this.#options.onLogDirEvent();
  }

  onNews(listener: (partition: TopicPartition, news: ReplicaNews) => void): () => void {
    this.#newsListeners.add(listener);
    return () => this.#newsListeners.delete(listener);
  }

  topicNameOf(topicId: string): string | undefined {
    return this.#hosted.topicNameOf(topicId);
  }

  /** undefined where this broker has no replica of it. */
  statusOf(topicPartition: TopicPartition): ReplicaStatus | undefined {
    const partition = this.#hosted.get(topicPartition);
    return partition && statusOf(partition);
  }

  *status(): Generator<ReplicaStatus, void, undefined> {
    for (const partition of this.#hosted) yield statusOf(partition);
  }

  counts(): ReplicaCounts {
    return countsOf(this.#hosted);
  }

  /** Answers all that waits, stops every replica and writes the high watermarks down. Nothing is served any more. */
  async close(): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer.cancel();
    for (const stop of this.#stopWatching.splice(0)) stop();
    this.#isrManager.close();
    await this.#control.run(async () => {
      for (const partition of this.#hosted) partition.stop();
    });
    this.#deadlines.close();
    // A directory that fails now is found out by the log manager, too.
    await this.#logs.checkpoint().catch(() => {});
  }

  get #parts(): ControlParts {
    const { localId, cluster, fetchers, logger } = this.#options;
    return {
      localId,
      cluster,
      fetchers,
      logger,
      hosted: this.#hosted,
      logs: this.#logs,
      firstRequests: this.#firstRequests,
      host: (topicPartition, topicId) => this.#host(topicPartition, topicId),
    };
  }

  #host(topicPartition: TopicPartition, topicId: string | undefined): Partition {
    const partition = new Partition(topicPartition, topicId, this.#leadershipEnvironment, this.#partitionListener);
    this.#hosted.add(partition);
    return partition;
  }

  /** Acts for the controller unless it has been replaced, or means an earlier registration of this broker (rule 1). */
  async #inControl<Answer>(
    { brokerEpoch, controllerEpoch: epoch }: { readonly brokerEpoch: bigint; readonly controllerEpoch: number },
    refuse: (error: ErrorName) => Answer,
    act: () => Promise<Answer>,
  ): Promise<Answer> {
    const { controllerFence, coordination } = this.#options;
    if (isStaleBrokerEpoch(brokerEpoch, coordination.brokerEpoch)) return refuse('STALE_BROKER_EPOCH');
    if (!controllerFence.admits(controllerEpoch(epoch))) return refuse('STALE_CONTROLLER_EPOCH');
    return this.#control.run(async () => {
      // A later controller may have spoken while this request waited for the one before it.
      if (!controllerFence.admits(controllerEpoch(epoch))) return refuse('STALE_CONTROLLER_EPOCH');
      return act();
    });
  }

  #watch(): void {
    const { scheduler, cluster, topics, replicaLagTimeMaxMs, highWatermarkCheckpointIntervalMs } = this.#options;
    this.#timers.push(
      scheduler.every(replicaLagTimeMaxMs / 2, () => this.#shrinkLagging()),
      scheduler.every(highWatermarkCheckpointIntervalMs, () => void this.#logs.checkpoint().catch(() => {})),
    );
    this.#stopWatching.push(
      cluster.onChange((image) => this.#onCluster(image)),
      topics.onChange((topic) => {
        for (const partition of this.#hosted.of(topic)) partition.onConfig(topics.configOf(topic));
      }),
    );
  }

  #shrinkLagging(): void {
    for (const { leadership } of this.#hosted) leadership?.shrinkIfLagging();
  }

  #onCluster(image: ClusterImage): void {
    const hasLost = [...this.#brokersAlive.keys()].some((id) => !image.brokers.has(id));
    this.#brokersAlive = image.brokers;
    if (hasLost) for (const partition of this.#hosted) partition.onBrokersGone();
    this.#damaged.onCluster(image);
  }

  #onNews(partition: Partition, news: ReplicaNews): void {
    if (news === 'role') this.#damaged.onRole(partition, this.#options.cluster.image);
    for (const listener of this.#newsListeners) listener(partition.topicPartition, news);
  }

  #onDamage(partition: Partition, error: Error): void {
    this.#options.logger.error({ err: error, partition: partition.name }, 'the log is damaged; the replica is offline');
    this.#options.fetchers.unfollow([partition.topicPartition]);
    this.#options.onLogDirEvent();
  }
}
