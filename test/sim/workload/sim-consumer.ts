import { baseOffsetOf, batchBytesOf, crcOf, leaderEpochOf, nextOffsetOf } from '@barnabas/protocol';
import { PeerError } from '@barnabas/transport';
import type { ClusterModel } from '../invariants/cluster-model.ts';
import type { PartitionModel } from '../invariants/partition-model.ts';
import { between } from '../kernel/chances.ts';
import { check } from '../kernel/check-failure.ts';
import { nameOfError, type SimClient } from './sim-client.ts';

const NO_SESSION = { sessionId: 0, sessionEpoch: -1 };
const CONSUMER = { replicaId: -1, replicaEpoch: -1n };
const LATEST = -1n;

/** Reads one partition from its start on, up to what is committed, and looks whether that is what it reads. */
export class SimConsumer {
  readonly #topic: string;
  readonly #partition: number;
  readonly #client: SimClient;
  readonly #cluster: ClusterModel;
  #model: PartitionModel | undefined;
  #resets = 0;
  #offset = 0;
  #epoch = -1;

  constructor(topic: string, partition: number, client: SimClient, cluster: ClusterModel) {
    this.#topic = topic;
    this.#partition = partition;
    this.#client = client;
    this.#cluster = cluster;
  }

  get offset(): number {
    return this.#offset;
  }

  async run(): Promise<void> {
    const { random } = this.#client;
    while (!this.#client.isStopped) {
      if (!(await this.readOnce())) await this.#client.sleep(between(random, 20, 300));
      else await this.#client.sleep(between(random, 0, 200));
      if (random.below(20) === 0) await this.#askEnd();
    }
  }

  /** Whether there was an answer. */
  async readOnce(): Promise<boolean> {
    this.#beginAnewIfOther();
    const leader = await this.#client.findLeader(this.#topic, this.#partition);
    const model = this.#model;
    if (leader === undefined || model === undefined) return false;
    const { fetchWaitMs } = this.#client.world.options;
    const asked = {
      partition: this.#partition,
      currentLeaderEpoch: Math.max(this.#epoch, leader.epoch),
      fetchOffset: BigInt(this.#offset),
      lastFetchedEpoch: -1,
      partitionMaxBytes: 4096,
    };
    const request = {
      ...NO_SESSION,
      replicaState: CONSUMER,
      maxWaitMs: fetchWaitMs,
      minBytes: 1,
      topics: [{ topic: '', topicId: model.topicId, partitions: [asked] }],
    };
    try {
      const response = await this.#client.send(leader.id, 'Fetch', 17, request);
      const answer = response.responses[0]?.partitions[0];
      const error = nameOfError(answer?.errorCode ?? response.errorCode);
      if (error === 'NONE' && answer !== undefined) {
        this.#take(model, answer.records, Number(answer.highWatermark));
        return true;
      }
      this.#cluster.reached.note(`fetch answered ${error}`);
      check(
        error !== 'OFFSET_OUT_OF_RANGE' || this.#mayDiffer(model),
        () => `${model.name}: a consumer that has read up to ${this.#offset} is told that this is out of range`,
      );
      if (error === 'OFFSET_OUT_OF_RANGE') this.#offset = 0;
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
    }
    this.#client.forgetLeader(this.#topic, this.#partition);
    return false;
  }

  #take(model: PartitionModel, records: Buffer | null, highWatermark: number): void {
    if (this.#mayDiffer(model)) {
      this.#offset = 0;
      return;
    }
    const { truth } = model;
    check(
      highWatermark <= truth.end,
      () =>
        `${model.name}: a consumer is told of a high watermark of ${highWatermark}; committed is up to ${truth.end}`,
    );
    const bytes = records ?? Buffer.alloc(0);
    for (
      let at = 0;
      at + 61 <= bytes.length && at + batchBytesOf(bytes, at) <= bytes.length;
      at += batchBytesOf(bytes, at)
    ) {
      const base = baseOffsetOf(bytes, at);
      const committed = truth.batchAt(base);
      check(
        committed?.crc === crcOf(bytes, at) && committed.epoch === leaderEpochOf(bytes, at),
        () => `${model.name}: a consumer reads something at ${base} that is not committed, or not any longer`,
      );
      this.#offset = Math.max(this.#offset, nextOffsetOf(bytes, at));
      this.#epoch = Math.max(this.#epoch, leaderEpochOf(bytes, at));
      this.#cluster.reached.note('batch consumed');
    }
  }

  /** The end that a consumer is told of is committed. */
  async #askEnd(): Promise<void> {
    const leader = this.#client.leaderOf(this.#topic, this.#partition);
    const model = this.#model;
    if (leader === undefined || model === undefined) return;
    const partitions = [{ partitionIndex: this.#partition, currentLeaderEpoch: leader.epoch, timestamp: LATEST }];
    const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: this.#topic, partitions }] };
    const response = await this.#client.send(leader.id, 'ListOffsets', 9, request).catch((error: unknown) => {
      if (!(error instanceof PeerError)) throw error;
      return undefined;
    });
    const answer = response?.topics[0]?.partitions[0];
    if (answer === undefined || answer.errorCode !== 0 || this.#mayDiffer(model)) return;
    check(
      Number(answer.offset) <= model.truth.end,
      () => `${model.name}: a consumer is told of an end of ${answer.offset}; committed is up to ${model.truth.end}`,
    );
  }

  /** Records were lost that might be lost, or the topic is another one. */
  #mayDiffer(model: PartitionModel): boolean {
    const isOther = this.#cluster.modelNamed(this.#topic, this.#partition) !== model;
    return isOther || model.promise.mayLose || model.resets !== this.#resets;
  }

  #beginAnewIfOther(): void {
    const model = this.#cluster.modelNamed(this.#topic, this.#partition);
    if (model === this.#model && (model?.resets ?? 0) === this.#resets) return;
    this.#model = model;
    this.#resets = model?.resets ?? 0;
    this.#offset = 0;
    this.#epoch = -1;
  }
}
