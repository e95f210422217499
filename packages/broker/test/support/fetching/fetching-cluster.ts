import { type BrokerId, brokerEpoch, brokerId, DEFAULT_LOG_CONFIG, leaderEpoch } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { EMPTY_CLUSTER } from '../../../src/cluster/cluster-image.ts';
import { NO_METRICS } from '../../../src/metrics/broker-metrics.ts';
import type { FetcherLimits } from '../../../src/replication/fetcher/fetcher-options.ts';
import { ReplicaFetchers } from '../../../src/replication/fetcher/replica-fetchers.ts';
import { fetchHandler } from '../../../src/requests/fetch/fetch-handler.ts';
import { FetchSessions } from '../../../src/requests/fetch/session/fetch-sessions.ts';
import { topicNames } from '../../../src/requests/fetch/topic-names.ts';
import { listOffsetsHandler } from '../../../src/requests/list-offsets/list-offsets-handler.ts';
import { recordingLog } from '../recording-log.ts';
import { MemoryFollowed } from './memory-followed.ts';
import { MemoryPeers } from './memory-peers.ts';
import { MemoryReplicas } from './memory-replicas.ts';

export const LIMITS: FetcherLimits = {
  maxWaitMs: 500,
  minBytes: 1,
  partitionMaxBytes: 1024 * 1024,
  responseMaxBytes: 10 * 1024 * 1024,
  backOffMs: 1000,
  requestTimeoutMs: 30_000,
  fetchersPerLeader: 1,
};

export const FOLLOWER = brokerId(9);
const NO_NAMES = { image: EMPTY_CLUSTER, onChange: () => () => {} };

/** Leaders whose replicas are in memory, and one broker that follows them, on simulated time. */
export class FetchingCluster {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly peers = new MemoryPeers(this.scheduler, this.clock);
  readonly log = recordingLog();
  readonly fetchers: ReplicaFetchers;
  ownEpoch: number | undefined = 700;

  constructor(limits: Partial<FetcherLimits> = {}) {
    this.fetchers = new ReplicaFetchers({
      brokerId: FOLLOWER,
      brokerEpoch: () => (this.ownEpoch === undefined ? undefined : brokerEpoch(this.ownEpoch)),
      peers: this.peers,
      limits: { ...LIMITS, ...limits },
      clock: this.clock,
      scheduler: this.scheduler,
      random: seededRandom(1),
      metrics: NO_METRICS,
      log: this.log,
    });
  }

  /** A broker that leads what a test has it lead. */
  addLeader(id: BrokerId, options: { readonly slots?: number; readonly refreshMs?: number } = {}): MemoryReplicas {
    const replicas = new MemoryReplicas();
    this.serve(id, replicas, options);
    return replicas;
  }

  serve(
    id: BrokerId,
    replicas: MemoryReplicas,
    { slots = 1000, refreshMs = 3000 }: { readonly slots?: number; readonly refreshMs?: number } = {},
  ): FetchSessions {
    const { clock, scheduler, log } = this;
    const sessions = new FetchSessions({
      replicas,
      nameOf: topicNames(NO_NAMES, replicas),
      slots,
      refreshMs,
      clock,
      random: seededRandom(id),
    });
    this.peers.serve(id, {
      Fetch: fetchHandler({
        replicas,
        cluster: NO_NAMES,
        sessions,
        listener: 'PEERS',
        topicConfigs: { configOf: () => DEFAULT_LOG_CONFIG },
        maxBytes: 55 * 1024 * 1024,
        scheduler,
        clock,
        metrics: NO_METRICS,
        log,
      }),
      ListOffsets: listOffsetsHandler({ replicas, log }),
    });
    return sessions;
  }

  follow(leader: BrokerId, epoch: number, ...partitions: readonly MemoryFollowed[]): void {
    for (const partition of partitions) partition.epoch = leaderEpoch(epoch);
    this.fetchers.follow(partitions.map((partition) => ({ partition, leader, leaderEpoch: leaderEpoch(epoch) })));
  }

  /** Lets time pass. */
  async pass(durationMs: number): Promise<void> {
    await this.scheduler.advanceBy(durationMs);
  }
}

export const followed = (topic: string, partition = 0): MemoryFollowed => new MemoryFollowed(topic, partition);
