import { type BrokerEpoch, type BrokerId, brokerEpoch, type LogConfig } from '@barnabas/model';
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
import { ReplicaManager } from '../../../src/replication/replica-manager.ts';
import type { FetchedPartition, FetchSpec } from '../../../src/replication/replicas.ts';
import { recordingLog } from '../recording-log.ts';
import { PumpedFetchers } from './pumped-fetchers.ts';
import { TestView } from './test-view.ts';

export type ReplicaBrokerOptions = {
  readonly id: BrokerId;
  readonly clock: SimulatedClock;
  readonly scheduler: SimulatedScheduler;
  readonly flushMode: 'group' | 'os';
  readonly config: () => LogConfig;
  readonly dirs: readonly string[];
  readonly lagMaxMs: number;
  readonly requests: Requests;
  readonly askLeader: (
    from: BrokerId,
    leader: BrokerId,
    spec: FetchSpec,
  ) => Promise<readonly FetchedPartition[]> | undefined;
};

/** One broker's replicas, on a simulated disk that outlives it. */
export class ReplicaBroker {
  readonly id: BrokerId;
  readonly view = new TestView();
  readonly disk: SimulatedDisk;
  readonly log = recordingLog();
  readonly counts = { shrunk: 0, expanded: 0, failed: 0, dirEvents: 0 };
  epoch: BrokerEpoch;
  sessionState: 'CONNECTED' | 'SUSPENDED' | 'LOST' = 'CONNECTED';
  readonly #options: ReplicaBrokerOptions;
  readonly #configListeners = new Set<(topic: string) => void>();
  #running: { process: SimulatedFileSystem; logs: LogManager; replicas: ReplicaManager } | undefined;
  fetchers: PumpedFetchers;

  constructor(options: ReplicaBrokerOptions) {
    this.#options = options;
    this.id = options.id;
    this.epoch = brokerEpoch(options.id * 100);
    this.disk = new SimulatedDisk(seededRandom(options.id), options.clock);
    this.fetchers = this.#newFetchers();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get replicas(): ReplicaManager {
    if (this.#running === undefined) throw new Error(`broker ${this.id} does not run`);
    return this.#running.replicas;
  }

  get logs(): LogManager {
    if (this.#running === undefined) throw new Error(`broker ${this.id} does not run`);
    return this.#running.logs;
  }

  async start(): Promise<void> {
    const { clock, scheduler, config, dirs, flushMode, requests, lagMaxMs } = this.#options;
    const process = this.disk.newProcess();
    const self = this;
    let replicas: ReplicaManager | undefined;
    const logs = await LogManager.open({
      dirs,
      fs: process,
      clock,
      scheduler,
      random: seededRandom(2),
      flushMode,
      configOf: config,
      checkpointIntervalMs: 3_600_000,
      onDirFailure: (error) => replicas?.onDirFailure(error),
    });
    this.fetchers = this.#newFetchers();
    replicas = await ReplicaManager.open({
      localId: this.id,
      clock,
      scheduler,
      logs,
      fs: process,
      cluster: this.view,
      coordination: {
        get session() {
          return { state: self.sessionState } as never;
        },
        get brokerEpoch() {
          return self.epoch;
        },
      },
      requests,
      controllerFence: new ControllerFence(),
      fetchers: this.fetchers,
      topics: {
        configOf: config,
        overridesOf: () => new Map(),
        onChange: (listener) => {
          this.#configListeners.add(listener);
          return () => this.#configListeners.delete(listener);
        },
      },
      metrics: {
        ...NO_METRICS,
        isrShrunk: () => this.counts.shrunk++,
        isrExpanded: () => this.counts.expanded++,
        isrUpdateFailed: () => this.counts.failed++,
      },
      logger: this.log,
      replicaLagTimeMaxMs: lagMaxMs,
      highWatermarkCheckpointIntervalMs: 5000,
      alterPartitionTimeoutMs: 30_000,
      onLogDirEvent: () => this.counts.dirEvents++,
    });
    this.#running = { process, logs, replicas };
  }

  configChanged(topic: string): void {
    for (const listener of this.#configListeners) listener(topic);
  }

  /** The process dies and keeps what it had written; `crash`: the power fails, and what was not flushed may be lost. */
  stop(how: 'kill' | 'crash'): void {
    if (how === 'crash') this.disk.crash();
    else this.#running?.process.kill();
    this.#running = undefined;
    this.fetchers.following.clear();
  }

  async close(): Promise<void> {
    const { replicas, logs } = this;
    await this.fetchers.close();
    await replicas.close();
    await logs.close();
    this.#running = undefined;
  }

  #newFetchers(): PumpedFetchers {
    return new PumpedFetchers({
      localId: this.id,
      epoch: () => this.epoch,
      ask: (leader, spec) => this.#options.askLeader(this.id, leader, spec),
    });
  }
}
