import { type BrokerEpoch, type BrokerId, brokerEpoch, DEFAULT_LOG_CONFIG, type LogConfig } from '@barnabas/model';
import { LogManager } from '@barnabas/storage';
import {
  type SimulatedClock,
  SimulatedDisk,
  type SimulatedFileSystem,
  type SimulatedScheduler,
  seededRandom,
} from '@barnabas/testkit';
import { ControllerFence } from '../../../src/cluster/controller-fence.ts';
import { NO_METRICS } from '../../../src/metrics/broker-metrics.ts';
import type { Requests } from '../../../src/peers/requests.ts';
import { ReplicaFetchers } from '../../../src/replication/fetcher/replica-fetchers.ts';
import type { Fetchers, FollowedPartition } from '../../../src/replication/followed-partition.ts';
import { ReplicaManager } from '../../../src/replication/replica-manager.ts';
import { fetchHandler } from '../../../src/requests/fetch/fetch-handler.ts';
import { FetchSessions } from '../../../src/requests/fetch/session/fetch-sessions.ts';
import { topicNames } from '../../../src/requests/fetch/topic-names.ts';
import { listOffsetsHandler } from '../../../src/requests/list-offsets/list-offsets-handler.ts';
import { recordingLog } from '../recording-log.ts';
import { TestView } from '../replication/test-view.ts';
import { LIMITS } from './fetching-cluster.ts';
import type { MemoryPeers } from './memory-peers.ts';

export type ReplicatingBrokerOptions = {
  readonly id: BrokerId;
  readonly clock: SimulatedClock;
  readonly scheduler: SimulatedScheduler;
  readonly peers: MemoryPeers;
  readonly requests: Requests;
  readonly config: LogConfig;
  readonly flushMode: 'group' | 'os';
  /** What its fetchers see of a partition: a test breaks a rule here. */
  readonly seenAs: (partition: FollowedPartition) => FollowedPartition;
};

type Running = {
  readonly process: SimulatedFileSystem;
  readonly logs: LogManager;
  readonly replicas: ReplicaManager;
  readonly fetchers: ReplicaFetchers;
  readonly sessions: FetchSessions;
};

/** A broker's replicas, its fetchers and its Fetch handler, all as they are, on a simulated disk. */
export class ReplicatingBroker {
  readonly id: BrokerId;
  readonly view = new TestView();
  readonly log = recordingLog();
  readonly #options: ReplicatingBrokerOptions;
  disk: SimulatedDisk;
  epoch: BrokerEpoch;
  #running: Running | undefined;

  constructor(options: ReplicatingBrokerOptions) {
    this.#options = options;
    this.id = options.id;
    this.epoch = brokerEpoch(options.id * 100);
    this.disk = this.#newDisk();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get replicas(): ReplicaManager {
    return this.#need().replicas;
  }

  get logs(): LogManager {
    return this.#need().logs;
  }

  async start(): Promise<void> {
    const { id, clock, scheduler, peers, requests, config, flushMode, seenAs } = this.#options;
    const process = this.disk.newProcess();
    const random = seededRandom(id);
    const logs = await LogManager.open({
      dirs: ['/data'],
      fs: process,
      clock,
      scheduler,
      random,
      flushMode,
      configOf: () => config,
      checkpointIntervalMs: 3_600_000,
    });
    const self = this;
    const fetchers = new ReplicaFetchers({
      brokerId: id,
      brokerEpoch: () => this.epoch,
      peers,
      limits: LIMITS,
      clock,
      scheduler,
      random,
      metrics: NO_METRICS,
      log: this.log,
    });
    const replicas = await ReplicaManager.open({
      localId: id,
      clock,
      scheduler,
      logs,
      fs: process,
      cluster: this.view,
      coordination: {
        session: { state: 'CONNECTED' } as never,
        get brokerEpoch() {
          return self.epoch;
        },
      },
      requests,
      controllerFence: new ControllerFence(),
      fetchers: seeing(fetchers, seenAs),
      topics: { configOf: () => config, overridesOf: () => new Map(), onChange: () => () => {} },
      metrics: NO_METRICS,
      logger: this.log,
      replicaLagTimeMaxMs: 30_000,
      highWatermarkCheckpointIntervalMs: 5000,
      alterPartitionTimeoutMs: 30_000,
      onLogDirEvent: () => {},
    });
    const nameOf = topicNames(this.view, replicas);
    const sessions = new FetchSessions({ replicas, nameOf, slots: 1000, refreshMs: 3000, clock, random });
    peers.serve(id, {
      Fetch: fetchHandler({
        replicas,
        cluster: this.view,
        sessions,
        listener: 'PEERS',
        topicConfigs: { configOf: () => DEFAULT_LOG_CONFIG },
        maxBytes: 55 * 1024 * 1024,
        clock,
        scheduler,
        metrics: NO_METRICS,
        log: this.log,
      }),
      ListOffsets: listOffsetsHandler({ replicas, log: this.log }),
    });
    this.#running = { process, logs, replicas, fetchers, sessions };
  }

  /** The process dies and keeps what it had written; `crash`: the power fails, and what was not flushed may be lost. */
  stop(how: 'kill' | 'crash'): void {
    const { process, fetchers, sessions } = this.#need();
    this.#options.peers.kill(this.id);
    // Nothing that a dead process still does may be seen: its timers and promises go on in this one.
    void fetchers.close();
    sessions.close();
    if (how === 'crash') this.disk.crash();
    else process.kill();
    this.#running = undefined;
  }

  wipe(): void {
    this.disk = this.#newDisk();
  }

  #newDisk(): SimulatedDisk {
    return new SimulatedDisk(seededRandom(this.#options.id), this.#options.clock);
  }

  #need(): Running {
    if (this.#running === undefined) throw new Error(`broker ${this.id} does not run`);
    return this.#running;
  }
}

const seeing = (fetchers: Fetchers, seenAs: ReplicatingBrokerOptions['seenAs']): Fetchers => ({
  follow: (followings) => fetchers.follow(followings.map((each) => ({ ...each, partition: seenAs(each.partition) }))),
  unfollow: (partitions) => fetchers.unfollow(partitions),
  close: () => fetchers.close(),
});
