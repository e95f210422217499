import { KafkaError } from '@barnabas/model';
import type { RecordInput } from '@barnabas/protocol';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import { knownPartition, knownTopic } from '../asking/known-topic.ts';
import { type Patience, patienceOf } from '../asking/patience.ts';
import type { Door } from '../door/door.ts';
import { cutIntoBatches } from './batch-sizes.ts';
import { Partitioner } from './partitioner.ts';
import type { ProduceSpec, RecordOutcome } from './produce-spec.ts';
import { mayBeAppended, sendBatch } from './send-batch.ts';

/** A record on its way, with its place in the request. */
type Placed = RecordInput & { readonly index: number };

/**
 * Puts the records of a request into batches and has the leaders append them: partitions side by side, the batches of one
 * after each other, so that its records keep their order. Shared by all requests.
 */
export class RecordProducer {
  readonly #door: Door;
  readonly #partitioner = new Partitioner();

  constructor(door: Door) {
    this.#door = door;
  }

  /**
   * What became of each record, in the order of the request. A partition of which one batch fails gets none of those that
   * would have followed.
   *
   * @throws KafkaError before anything is sent: UNKNOWN_TOPIC_OR_PARTITION; MESSAGE_TOO_LARGE for an idempotent or a
   *   conditional request that does not fit into one batch, since a batch is what the leader recognises when it comes
   *   again, and what it appends or does not
   */
  async produce(spec: ProduceSpec): Promise<RecordOutcome[]> {
    const topic = await knownTopic(this.#door, spec.topic, spec.signal);
    const indexes = this.#partitioner.split(topic, spec.records, spec.partition);
    for (const partition of indexes.keys()) knownPartition(topic, partition);
    const nowMs = this.#door.clock.nowMs();
    const outcomes = new Array<RecordOutcome>(spec.records.length);
    const patience = patienceOf(this.#door, spec.timeoutMs, spec.signal);
    const runs = Array.from(indexes, ([partition, places]) => {
      const batches = this.#batchesOf(spec, places, nowMs);
      return { partition, batches };
    });
    const work = runs.map(({ partition, batches }) =>
      this.#append({ spec, topic, partition, patience, outcomes }, batches),
    );
    await Promise.all(work);
    return outcomes;
  }

  #batchesOf({ records, ...spec }: ProduceSpec, places: readonly number[], nowMs: number): Placed[][] {
    const placed = places.map((index): Placed => {
      const { key, value, headers = [], timestamp = nowMs } = records[index] as ProduceSpec['records'][number];
      return { key, value, headers, timestamp, index };
    });
    const batches = cutIntoBatches(placed, this.#door.limits.batchBytes);
    if (isIndivisible(spec) && batches.length > 1) {
      const message = `an idempotent or conditional request is one batch of at most ${this.#door.limits.batchBytes} bytes; send several requests`;
      throw new KafkaError('MESSAGE_TOO_LARGE', message);
    }
    return batches;
  }

  async #append(run: Run, batches: readonly Placed[][]): Promise<void> {
    let isBroken = false;
    for (const batch of batches) {
      if (isBroken) note(run, batch, notAttempted(run.partition));
      else isBroken = !(await this.#appendBatch(run, batch));
    }
  }

  /** @returns whether all of it was appended */
  async #appendBatch(run: Run, batch: readonly Placed[]): Promise<boolean> {
    const { spec, topic, partition, patience } = run;
    try {
      const { acks, producer, expectedOffset } = spec;
      const toSend = { topic, partition, records: batch, acks, producer, expectedOffset };
      const { baseOffset, logAppendTimeMs } = await sendBatch(this.#door, toSend, patience);
      const timeOf = timesOf(batch, logAppendTimeMs);
      for (const [delta, { index, timestamp }] of batch.entries()) {
        const offset = baseOffset < 0 ? -1 : baseOffset + delta;
        run.outcomes[index] = { kind: 'appended', partition, offset, timestamp: timeOf(timestamp) };
      }
      return true;
    } catch (thrown) {
      if (!(thrown instanceof KafkaError)) throw thrown;
      const isDivisible = thrown.error === 'MESSAGE_TOO_LARGE' && batch.length > 1 && !isIndivisible(spec);
      if (isDivisible) return await this.#appendHalves(run, batch);
      const { error, message } = thrown;
      note(run, batch, { kind: 'failed', partition, error, message, mayBeAppended: mayBeAppended(error) });
      return false;
    }
  }

  /** The topic takes only smaller batches than we thought, and has appended nothing of this one. */
  async #appendHalves(run: Run, batch: readonly Placed[]): Promise<boolean> {
    const middle = batch.length >> 1;
    const first = batch.slice(0, middle);
    const second = batch.slice(middle);
    if (await this.#appendBatch(run, first)) return await this.#appendBatch(run, second);
    note(run, second, notAttempted(run.partition));
    return false;
  }
}

const isIndivisible = ({ producer, expectedOffset }: Pick<ProduceSpec, 'producer' | 'expectedOffset'>): boolean =>
  producer !== undefined || expectedOffset !== undefined;

type Run = {
  readonly spec: ProduceSpec;
  readonly topic: ClusterTopic;
  readonly partition: number;
  readonly patience: Patience;
  readonly outcomes: RecordOutcome[];
};

/**
 * Which times records have in the log. What the leader says is the time of append, or the newest of a batch that was there
 * before: where that is also the newest of this one, it has the times that it was sent with.
 */
const timesOf = (batch: readonly Placed[], toldMs: number | undefined): ((sentMs: number) => number) => {
  const newestMs = batch.reduce((newest, { timestamp }) => Math.max(newest, timestamp), -1);
  return toldMs === undefined || toldMs === newestMs ? (sentMs) => sentMs : () => toldMs;
};

const note = ({ outcomes }: Run, batch: readonly Placed[], outcome: RecordOutcome): void => {
  for (const { index } of batch) outcomes[index] = outcome;
};

const notAttempted = (partition: number): RecordOutcome => ({
  kind: 'failed',
  partition,
  error: 'OPERATION_NOT_ATTEMPTED',
  message: 'records before it in the same partition failed',
  mayBeAppended: false,
});
