import { brokerEpoch, brokerId, DEFAULT_LOG_CONFIG, offset } from '@barnabas/model';
import { batchesIn, leaderEpochOf, readRecords } from '@barnabas/protocol';
import type { Log } from '@barnabas/storage';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import type { Requests } from '../../../src/peers/requests.ts';
import type { ProduceOptions, ProduceResult } from '../../../src/replication/replicas.ts';
import { batchOf } from '../batches.ts';
import { FakeController, TOPIC, TOPIC_ID } from '../replication/fake-controller.ts';
import { MemoryPeers } from './memory-peers.ts';
import { ReplicatingBroker, type ReplicatingBrokerOptions } from './replicating-broker.ts';

export type ReplicatingClusterOptions = {
  readonly partitions?: number;
  readonly flushMode?: 'group' | 'os';
  readonly minInsyncReplicas?: number;
  readonly seenAs?: ReplicatingBrokerOptions['seenAs'];
};

/** Three brokers that replicate over simulated time; a test is their controller. */
export class ReplicatingCluster {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock, () => this.#settled());
  readonly peers = new MemoryPeers(this.scheduler, this.clock);
  readonly controller = new FakeController();
  readonly brokers: readonly ReplicatingBroker[];

  private constructor({
    flushMode = 'group',
    minInsyncReplicas = 2,
    seenAs = (same) => same,
  }: ReplicatingClusterOptions) {
    const requests: Requests = {
      ask: async (_broker, _api, _version, request) => {
        const response = this.controller.alterPartition(request as never);
        this.#publish();
        return response as never;
      },
    };
    const { clock, scheduler, peers } = this;
    const config = { ...DEFAULT_LOG_CONFIG, retentionMs: Number.POSITIVE_INFINITY, minInsyncReplicas };
    this.brokers = [1, 2, 3].map(
      (id) => new ReplicatingBroker({ id: brokerId(id), clock, scheduler, peers, requests, config, flushMode, seenAs }),
    );
  }

  /** All run, and have all partitions; broker 1 leads, and all are in sync. */
  static async start(options: ReplicatingClusterOptions = {}): Promise<ReplicatingCluster> {
    const cluster = new ReplicatingCluster(options);
    for (const broker of cluster.brokers) {
      await broker.start();
      cluster.controller.registered.set(broker.id, broker.epoch);
    }
    for (let partition = 0; partition < (options.partitions ?? 1); partition++) {
      cluster.controller.create(partition, [1, 2, 3].map(brokerId));
    }
    await cluster.tell(1, 2, 3);
    return cluster;
  }

  broker(id: number): ReplicatingBroker {
    const found = this.brokers[id - 1];
    if (found === undefined) throw new Error(`there is no broker ${id}`);
    return found;
  }

  logOf(id: number, partition = 0): Log {
    const log = this.broker(id).logs.get({ topic: TOPIC, partition });
    if (log === undefined) throw new Error(`broker ${id} has no log of partition ${partition}`);
    return log;
  }

  isrOf(partition = 0): readonly number[] {
    return [...this.controller.stateOf(partition).isr].sort();
  }

  /** LeaderAndIsr of all partitions to these brokers; their images are those of the controller. */
  async tell(...ids: readonly number[]): Promise<void> {
    this.#publish();
    await Promise.all(
      ids.map((id) => {
        const request = this.controller.leaderAndIsr(brokerId(id), this.controller.partitions.keys());
        return this.broker(id).replicas.leaderAndIsr(request);
      }),
    );
  }

  /** The next epoch of all partitions, of which nobody hears unless told. */
  change(leader: number, isr?: readonly number[]): void {
    for (const partition of [...this.controller.partitions.keys()]) {
      this.controller.change(partition, { leader: brokerId(leader), ...(isr && { isr: isr.map(brokerId) }) });
    }
  }

  stop(id: number, how: 'kill' | 'crash'): void {
    this.broker(id).stop(how);
    this.controller.registered.delete(brokerId(id));
  }

  /** Another life of a broker that was stopped, under another epoch; it has been told of nothing yet. */
  async restart(id: number): Promise<void> {
    const broker = this.broker(id);
    broker.epoch = brokerEpoch(broker.epoch + 1);
    this.controller.registered.set(broker.id, broker.epoch);
    await broker.start();
  }

  /** Sends one batch of one record, and does not wait. */
  async produce(
    to: number,
    value: string,
    options: Partial<ProduceOptions> & { partition?: number } = {},
  ): Promise<ProduceResult> {
    const { partition = 0, ...rest } = options;
    const records = [{ timestamp: 1_700_000_000_000, key: null, value: Buffer.from(value), headers: [] }];
    const asked = { topic: TOPIC, topicId: TOPIC_ID, partition, bytes: batchOf(1, { records }) };
    const { replicas } = this.broker(to);
    const [result] = await replicas.produce([asked], { acks: -1, timeoutMs: 2000, origin: 'client', ...rest });
    if (result === undefined) throw new Error('no result');
    return result;
  }

  async pass(durationMs: number): Promise<void> {
    await this.scheduler.advanceBy(durationMs);
  }

  /** The outcome of something, letting time pass until it is there. */
  async outcome<T>(promise: Promise<T>): Promise<T> {
    let isThere = false;
    void promise.then(
      () => {
        isThere = true;
      },
      () => {
        isThere = true;
      },
    );
    while (!isThere) await this.pass(1);
    return promise;
  }

  /** All that a log holds: `offset@epoch value`. */
  async contentOf(id: number, partition = 0): Promise<string[]> {
    const log = this.logOf(id, partition);
    await log.flush();
    const { bytes } = await log.read(offset(log.startOffset), { maxBytes: 10_000_000, isolation: 'logEnd' });
    return Array.from(batchesIn(bytes)).flatMap((at) =>
      Array.from(readRecords(bytes, at), (record) => `${record.offset}@${leaderEpochOf(bytes, at)} ${record.value}`),
    );
  }

  #publish(): void {
    const image = this.controller.image();
    for (const { view } of this.brokers) view.set(image);
  }

  async #settled(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      for (const { disk } of this.brokers) await disk.settled();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
