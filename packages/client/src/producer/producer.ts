import { ClientClosedError } from '../client-error.ts';
import type { Link } from '../http/link.ts';
import { Route } from '../http/route.ts';
import type { PartitionCounts } from './partition-counts.ts';
import { PartitionSender, type SenderLimits } from './partition-sender.ts';
import { Partitioner } from './partitioner.ts';
import { ProducerIds } from './producer-ids.ts';
import { bytesOf, type ProducerRecord, prepare, type RecordMetadata } from './producer-record.ts';

export type ProducerOptions = {
  /** How long a record waits for company where no request of its partition is under way; 0 by default. */
  readonly lingerMs?: number;
  /** A single record may be larger. 256 KiB by default; servers take no more than 1,000,000 bytes. */
  readonly maxBatchBytes?: number;
  /** 5,000 by default; servers take no more than 10,000. */
  readonly maxBatchRecords?: number;
  /** From `send` until a record is acknowledged or given up; 120,000 by default. */
  readonly deliveryTimeoutMs?: number;
};

const DEFAULTS = { lingerMs: 0, maxBatchBytes: 256 * 1024, maxBatchRecords: 5000, deliveryTimeoutMs: 120_000 };

/**
 * Appends records, each exactly once and, within a partition, in the order of the calls. It asks for the acknowledgement of
 * all in-sync replicas, and tries again until it has that or time is up. Records of a partition go out one batch at a time,
 * those of different partitions side by side.
 *
 * Records that are not yet acknowledged are kept in memory: whoever sends much waits for what `send` answers.
 */
export class Producer {
  readonly #link: Link;
  readonly #counts: PartitionCounts;
  readonly #limits: SenderLimits;
  readonly #deliveryTimeoutMs: number;
  readonly #ids: ProducerIds;
  readonly #partitioners = new Map<string, Partitioner>();
  readonly #senders = new Map<string, PartitionSender>();
  readonly #unsettled = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(link: Link, counts: PartitionCounts, options: ProducerOptions = {}) {
    const { deliveryTimeoutMs, ...limits } = { ...DEFAULTS, ...options };
    this.#link = link;
    this.#counts = counts;
    this.#limits = limits;
    this.#deliveryTimeoutMs = deliveryTimeoutMs;
    this.#ids = new ProducerIds(link);
  }

  /**
   * Resolves when all in-sync replicas have the record.
   *
   * @throws ClientError where it was given up. With the outcome `unknown` it may be there nevertheless, once; with `refused`
   *   it is not and will not be
   */
  send(record: ProducerRecord): Promise<RecordMetadata> {
    const sent = this.#send(record);
    this.#unsettled.add(sent);
    const settled = () => this.#unsettled.delete(sent);
    sent.then(settled, settled);
    return sent;
  }

  async #send({ topic, ...rest }: ProducerRecord): Promise<RecordMetadata> {
    if (this.#isClosed || this.#link.closed.aborted) throw new ClientClosedError();
    const { clock } = this.#link.ports;
    const deadlineMs = clock.steadyMs() + this.#deliveryTimeoutMs;
    const record = prepare({ topic, ...rest }, clock.nowMs());
    // Also where the partition is given: records that were sent first must not be overtaken.
    const count = await this.#counts.of(topic, this.#deliveryTimeoutMs);
    const key = record.key === null ? null : bytesOf(record.key);
    const partition = rest.partition ?? this.#partitioner(topic).choose(key, record.sizeBytes, count);
    return new Promise((resolve, reject) => {
      this.#sender(topic, partition).add({ record, deadlineMs, resolve, reject });
    });
  }

  /** Resolves when all that was sent before is acknowledged or given up. It does not say which. */
  async flush(): Promise<void> {
    const sent = [...this.#unsettled];
    for (const sender of this.#senders.values()) sender.hurry();
    await Promise.allSettled(sent);
  }

  /** Takes no more, and resolves when what was sent is acknowledged or given up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  #partitioner(topic: string): Partitioner {
    return getOrMake(this.#partitioners, topic, () => {
      return new Partitioner(this.#link.ports.random, this.#limits.maxBatchBytes);
    });
  }

  #sender(topic: string, partition: number): PartitionSender {
    return getOrMake(this.#senders, `${partition} ${topic}`, () => {
      const route = new Route(this.#link, this.#senders.size);
      return new PartitionSender({ topic, partition }, this.#link, route, this.#ids, this.#limits);
    });
  }
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
