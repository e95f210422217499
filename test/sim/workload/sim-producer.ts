import type { ErrorName } from '@barnabas/model';
import { PeerError } from '@barnabas/transport';
import type { ClusterModel } from '../invariants/cluster-model.ts';
import { between } from '../kernel/chances.ts';
import { check } from '../kernel/check-failure.ts';
import { type OutgoingBatch, outgoing, type ProducerIdentity } from './batch.ts';
import { nameOfError, type SimClient } from './sim-client.ts';

export type ProducerKind = {
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  readonly acks: -1 | 1;
  readonly isIdempotent: boolean;
  readonly thinkMs: number;
  /** Batches that may be under way at the same time. */
  readonly window: number;
};

/** What became of a batch, as far as its producer knows. */
export type SentBatch = { readonly crc: number; state: 'sent' | 'acknowledged' | 'given up'; base: number | undefined };

/** After these it is not known whether the batch is in the log (rule 7). */
const DOUBTFUL: ReadonlySet<ErrorName> = new Set([
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'UNKNOWN_SERVER_ERROR',
  'KAFKA_STORAGE_ERROR',
]);

const SEQUENCE_ERRORS: ReadonlySet<ErrorName> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
]);

/**
 * Sends one batch after the other to one partition, each until it is acknowledged. An idempotent one sends the same again after an
 * outcome that is not known; one that is not sends something new, so that every batch is told from all others.
 */
export class SimProducer {
  readonly kind: ProducerKind;
  readonly sent: SentBatch[] = [];
  readonly #client: SimClient;
  readonly #cluster: ClusterModel;
  #identity: ProducerIdentity | undefined;
  #sequence = 0;
  #next = 0;
  /** Whether something was acknowledged under the identity that it has. */
  #isKnown = false;
  #isEnded = false;

  constructor(kind: ProducerKind, client: SimClient, cluster: ClusterModel) {
    this.kind = kind;
    this.#client = client;
    this.#cluster = cluster;
  }

  /** Its topic is gone: nothing more is sent. */
  end(): void {
    this.#isEnded = true;
  }

  /** Nothing is under way. */
  get isIdle(): boolean {
    return this.sent.every(({ state }) => state !== 'sent');
  }

  async run(): Promise<void> {
    const { random } = this.#client;
    const underWay = new Set<Promise<void>>();
    while (!this.#isOver) {
      await this.#client.sleep(between(random, 0, this.kind.thinkMs));
      while (this.#sinceOldest >= this.#window) await Promise.race(underWay);
      if (!(await this.#isReady()) || this.#isOver) continue;
      const sending = this.#send()
        .catch((error: unknown) => this.#client.world.fail(error))
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
    await Promise.all(underWay);
  }

  /** One batch, until it is acknowledged or it is all over. */
  async sendOne(): Promise<void> {
    if (await this.#isReady()) await this.#send();
  }

  /** A broker that knows nothing of a producer takes any sequence of it: so the first batch has to be there before the next. */
  get #window(): number {
    return this.#isKnown ? this.kind.window : 1;
  }

  /** Brokers know the last five batches of a producer: one that is sent again has to be among them. */
  get #sinceOldest(): number {
    const oldest = this.sent.findIndex(({ state }) => state === 'sent');
    return oldest < 0 ? 0 : this.sent.length - oldest;
  }

  async #send(): Promise<void> {
    const identity = this.#identity;
    const batch = this.#nextBatch();
    const entry: SentBatch = { crc: batch.crc, state: 'sent', base: undefined };
    this.sent.push(entry);
    const isDone = await this.#deliver(batch, entry, identity);
    if (!isDone) entry.state = 'given up';
    else if (identity === this.#identity) this.#isKnown = true;
  }

  get #isOver(): boolean {
    return this.#isEnded || this.#client.isStopped;
  }

  #nextBatch(): OutgoingBatch {
    const { random, world } = this.#client;
    const count = between(random, 1, 3);
    const batch = outgoing(this.kind.name, this.#next, count, {
      timestampMs: world.clock.nowMs(),
      sequence: this.#sequence,
      identity: this.#identity,
    });
    this.#next += count;
    this.#sequence += count;
    return batch;
  }

  /** Whether it may send: one that has no identity and wants one asks for it. */
  async #isReady(): Promise<boolean> {
    const { random } = this.#client;
    while (this.kind.isIdempotent && this.#identity === undefined) {
      if (this.#isEnded) return false;
      const request = { transactionalId: null, transactionTimeoutMs: 60_000 };
      const answer = await this.#client.send(1 + random.below(3), 'InitProducerId', 5, request).catch(() => undefined);
      if (answer !== undefined && answer.errorCode === 0) {
        this.#identity = { id: answer.producerId, epoch: answer.producerEpoch };
        this.#sequence = 0;
        this.#isKnown = false;
      } else await this.#client.sleep(between(random, 20, 300));
    }
    return true;
  }

  /** Also when the client has been stopped: what has been begun is brought to its end. */
  async #deliver(batch: OutgoingBatch, entry: SentBatch, identity: ProducerIdentity | undefined): Promise<boolean> {
    const { random } = this.#client;
    let mayBeAppended = false;
    while (!this.#isEnded && identity === this.#identity) {
      const outcome = await this.#attempt(batch, entry);
      const said = typeof outcome === 'object' ? `at ${outcome.base}` : outcome;
      this.#client.world.trace.note(
        `${this.kind.name} hears of its batch ${batch.crc}, sequence ${batch.sequence}: ${said}`,
      );
      if (outcome === 'acknowledged' || typeof outcome === 'object') {
        this.#acknowledged(batch, entry, typeof outcome === 'object' ? outcome.base : undefined);
        return true;
      }
      if (outcome === 'sequence') return false;
      mayBeAppended ||= outcome === 'unknown';
      if (!mayBeAppended) this.#refused(batch);
      if (outcome === 'unknown') this.#cluster.reached.note('outcome unknown');
      // What is not idempotent must not be sent twice, or it could not be told what has become of it.
      if (!this.kind.isIdempotent) return false;
      this.#client.forgetLeader(this.kind.topic, this.kind.partition);
      await this.#client.sleep(between(random, 5, 200));
    }
    return false;
  }

  /** A batch that is sent before its predecessor was acknowledged may come too early: it is sent again. */
  async #attempt(
    batch: OutgoingBatch,
    entry: SentBatch,
  ): Promise<{ readonly base: number } | 'acknowledged' | 'refused' | 'unknown' | 'sequence'> {
    const { topic, partition, acks } = this.kind;
    if (!this.#client.leaderOf(topic, partition)) await this.#client.refresh([topic]);
    const leader = this.#client.leaderOf(topic, partition);
    if (leader === undefined) return 'refused';
    const isNext = this.sent.find(({ state }) => state === 'sent') === entry;
    const partitionData = [{ index: partition, records: Buffer.from(batch.bytes) }];
    const request = {
      acks,
      timeoutMs: this.#client.world.options.requestTimeoutMs,
      topicData: [{ name: topic, partitionData }],
    };
    try {
      const response = await this.#client.send(leader.id, 'Produce', 11, request);
      const answer = response.responses[0]?.partitionResponses[0];
      const error = nameOfError(answer?.errorCode ?? -1);
      this.#cluster.reached.note(`produce answered ${error}`);
      if (error === 'NONE') return { base: Number(answer?.baseOffset) };
      if (error === 'DUPLICATE_SEQUENCE_NUMBER') return 'acknowledged';
      if (SEQUENCE_ERRORS.has(error)) return isNext ? this.#outOfSequence(error, leader.id, entry) : 'refused';
      return DOUBTFUL.has(error) ? 'unknown' : 'refused';
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      return error.outcome;
    }
  }

  /**
   * All that was acknowledged is there, so that this cannot come to pass where nothing may be lost; but for one who leads no
   * longer, and has not heard of it: he lacks what has been sent since.
   */
  #outOfSequence(error: ErrorName, leader: number, entry: SentBatch): 'sequence' | 'refused' {
    const { topic, partition, acks, name } = this.kind;
    const model = this.#cluster.modelNamed(topic, partition);
    if (model !== undefined && this.#cluster.stateOf(model)?.leader !== leader) {
      this.#cluster.reached.note('sequence refused by one who leads no longer');
      return 'refused';
    }
    // A log that was opened anew, or cut, knows the last batch of a producer alone, if that is all that its snapshot tells.
    if (model?.wasAppended(entry.crc) === true && this.kind.window > 1) {
      this.#cluster.reached.note('batch in the middle forgotten');
      this.#identity = undefined;
      return 'sequence';
    }
    const mayLose = model === undefined || model.promise.mayLose || model.resets > 0 || acks === 1;
    check(mayLose, () => `${name} is told ${error}, though all that it sent before was acknowledged`);
    this.#identity = undefined;
    return 'sequence';
  }

  #refused({ crc }: OutgoingBatch): void {
    const model = this.#cluster.modelNamed(this.kind.topic, this.kind.partition);
    if (model === undefined) return;
    check(
      !model.wasAppended(crc),
      () => `rule 7: ${this.kind.name} is told that its batch was not appended, and it was`,
    );
    // It will be sent again, if it can be told from the attempt that was refused.
    if (!this.kind.isIdempotent) model.refuse(crc);
  }

  #acknowledged({ crc }: OutgoingBatch, entry: SentBatch, base: number | undefined): void {
    const { topic, partition, acks, name } = this.kind;
    entry.state = 'acknowledged';
    entry.base = base;
    this.#cluster.reached.note(`acknowledged with acks=${acks}`);
    const model = this.#cluster.modelNamed(topic, partition);
    if (model === undefined || model.promise.mayLose || model.resets > 0 || acks === 1 || base === undefined) return;
    const committed = model.truth.batchAt(base);
    check(
      committed?.crc === crc && committed.base === base,
      () =>
        `rule 5: ${name} is told that its batch is at ${base}; committed is something else, up to ${model.truth.end}`,
    );
  }
}
