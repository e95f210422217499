import { type BrokerId, brokerEpoch, brokerId, DEFAULT_LOG_CONFIG, type LogConfig, offset } from '@barnabas/model';
import { batchesIn, readRecords } from '@barnabas/protocol';
import type { Log } from '@barnabas/storage';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { PeerError, type PeerRequest, type PeerResponse } from '@barnabas/transport';
import type { Requests } from '../../../src/peers/requests.ts';
import type { FetchSpec, ProduceOptions, ProduceResult } from '../../../src/replication/replicas.ts';
import { batchOf } from '../batches.ts';
import { FakeController, PARTITION, TOPIC, TOPIC_ID } from './fake-controller.ts';
import { ReplicaBroker } from './replica-broker.ts';

export type ClusterOptions = {
  readonly brokers?: number;
  readonly config?: Partial<LogConfig>;
  readonly flushMode?: 'group' | 'os';
  readonly dirs?: readonly string[];
  readonly lagMaxMs?: number;
};

type Altering = (request: PeerRequest<'AlterPartition'>) => Promise<PeerResponse<'AlterPartition'>>;

/**
 * Replicas of a few brokers over one controller, in simulated time. Nothing is fetched unless a test asks for it; the
 * controller answers at once, or as `alter` says.
 */
export class ReplicaCluster {
  readonly clock = new SimulatedClock();
  readonly scheduler: SimulatedScheduler;
  readonly controller = new FakeController();
  readonly brokers = new Map<number, ReplicaBroker>();
  /** Links that are cut: `from>to`. */
  readonly cut = new Set<string>();
  config: LogConfig;
  readonly lagMaxMs: number;
  /** How AlterPartition is answered. */
  alter: Altering = async (request) => this.#decide(request);

  constructor({ brokers = 3, config = {}, flushMode = 'group', dirs = ['/data'], lagMaxMs = 30_000 }: ClusterOptions) {
    this.config = { ...DEFAULT_LOG_CONFIG, retentionMs: Number.POSITIVE_INFINITY, ...config };
    this.lagMaxMs = lagMaxMs;
    this.scheduler = new SimulatedScheduler(this.clock, () => this.settled());
    const requests: Requests = {
      ask: async (_broker, _api, _version, request) => (await this.alter(request as never)) as never,
    };
    for (let id = 1; id <= brokers; id++) {
      this.brokers.set(
        id,
        new ReplicaBroker({
          id: brokerId(id),
          clock: this.clock,
          scheduler: this.scheduler,
          flushMode,
          dirs,
          lagMaxMs,
          requests,
          config: () => this.config,
          askLeader: (from, leader, spec) => this.#ask(from, leader, spec),
        }),
      );
    }
  }

  /** Brokers 1 to n run, and partition 0 is on all of them; broker 1 leads, and all are in sync. */
  static async start(options: ClusterOptions = {}): Promise<ReplicaCluster> {
    const cluster = new ReplicaCluster(options);
    const ids = [...cluster.brokers.keys()].map(brokerId);
    for (const broker of cluster.brokers.values()) {
      await broker.start();
      cluster.controller.registered.set(broker.id, broker.epoch);
    }
    cluster.controller.create(0, ids);
    await cluster.tell(ids);
    return cluster;
  }

  broker(id: number): ReplicaBroker {
    const found = this.brokers.get(id);
    if (found === undefined) throw new Error(`there is no broker ${id}`);
    return found;
  }

  logOf(id: number): Log {
    const log = this.broker(id).logs.get(PARTITION);
    if (log === undefined) throw new Error(`broker ${id} has no log`);
    return log;
  }

  /** UpdateMetadata to all that run, LeaderAndIsr of partition 0 to these. Answers the error codes by broker. */
  async tell(to: readonly number[], type = 1): Promise<Map<number, number | undefined>> {
    this.publish();
    const codes = new Map<number, number | undefined>();
    for (const id of to) {
      const { replicas } = this.broker(id);
      const response = await replicas.leaderAndIsr(
        this.controller.leaderAndIsr(brokerId(id), this.controller.partitions.keys(), type),
      );
      codes.set(id, response.topics[0]?.partitionErrors[0]?.errorCode ?? response.errorCode);
    }
    return codes;
  }

  publish(): void {
    const image = this.controller.image();
    for (const { view } of this.brokers.values()) view.set(image);
  }

  /** Another leader in the next epoch, told to all that run. */
  async elect(leader: number | undefined, isr?: readonly number[]): Promise<void> {
    this.controller.change(0, {
      leader: leader === undefined ? undefined : brokerId(leader),
      ...(isr && { isr: isr.map(brokerId) }),
    });
    await this.tell(this.running);
  }

  get running(): number[] {
    return [...this.brokers].filter(([, { isRunning }]) => isRunning).map(([id]) => id);
  }

  /** A broker that was stopped, under another epoch. */
  async restart(id: number): Promise<void> {
    const broker = this.broker(id);
    broker.epoch = brokerEpoch(broker.epoch + 1);
    this.controller.registered.set(broker.id, broker.epoch);
    await broker.start();
    this.publish();
  }

  /** So many rounds in which all these followers fetch once. */
  async replicate(rounds = 3, ids: readonly number[] = this.running): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      for (const id of ids) if (this.broker(id).isRunning) await this.broker(id).fetchers.pump();
      await this.settled();
    }
  }

  /** Sends one batch, and does not wait. */
  produce(
    to: number,
    options: Partial<ProduceOptions> & { batch?: Buffer; count?: number } = {},
  ): Promise<ProduceResult> {
    const { batch, count = 1, ...rest } = options;
    const asked = { ...PARTITION, topicId: TOPIC_ID, bytes: batch ?? batchOf(count) };
    return this.broker(to)
      .replicas.produce([asked], { acks: -1, timeoutMs: 1000, origin: 'client', ...rest })
      .then(([result]) => {
        if (result === undefined) throw new Error('no result');
        return result;
      });
  }

  /** All that a consumer may read from a broker, as the values of the records. */
  async consume(from: number): Promise<string[]> {
    const values: string[] = [];
    for (let at = 0; ; ) {
      const [found] = await this.broker(from).replicas.fetch(consumerFetch(at));
      if (found === undefined || found.error !== undefined) throw new Error(found?.error);
      const records = found.records.flatMap((bytes) => recordsOf(Buffer.from(bytes)));
      const fresh = records.filter((record) => record.offset >= at && record.offset < found.highWatermark);
      if (fresh.length === 0) return values;
      for (const { offset: each, value } of fresh) {
        values.push(value);
        at = each + 1;
      }
    }
  }

  async settled(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) {
      for (const { disk } of this.brokers.values()) await disk.settled();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #ask(from: BrokerId, leader: BrokerId, spec: FetchSpec) {
    const broker = this.broker(leader);
    if (!broker.isRunning || this.cut.has(`${from}>${leader}`)) return undefined;
    return broker.replicas.fetch(spec);
  }

  #decide(request: PeerRequest<'AlterPartition'>): PeerResponse<'AlterPartition'> {
    const response = this.controller.alterPartition(request);
    this.publish();
    return response;
  }
}

export const consumerFetch = (at: number, changes: Partial<FetchSpec> = {}): FetchSpec => ({
  replica: undefined,
  maxWaitMs: 0,
  minBytes: 1,
  maxBytes: 1_000_000,
  isolation: 'read_uncommitted',
  partitions: [
    {
      topic: TOPIC,
      partition: 0,
      topicId: TOPIC_ID,
      fetchOffset: offset(at),
      maxBytes: 1_000_000,
      currentLeaderEpoch: undefined,
      lastFetchedEpoch: undefined,
      logStartOffset: undefined,
    },
  ],
  ...changes,
});

/** A controller that cannot be reached. */
export const unreachable: Altering = () =>
  Promise.reject(new PeerError('refused', 'unreachable', 'the controller is away'));

const recordsOf = (bytes: Buffer): { offset: number; value: string }[] =>
  Array.from(batchesIn(bytes)).flatMap((at) =>
    Array.from(readRecords(bytes, at), ({ offset: each, value }) => ({ offset: each, value: String(value) })),
  );
