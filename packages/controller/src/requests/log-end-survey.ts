import {
  type BrokerEpoch,
  type BrokerId,
  ERRORS,
  formatTopicPartition,
  leaderEpoch,
  type Offset,
  offset,
} from '@barnabas/model';
import type { PeerClient, PeerResponse } from '@barnabas/transport';
import type { Cluster } from '../cluster/cluster.ts';
import type { Partition } from '../cluster/partition.ts';
import type { LogEnd } from '../election/election.ts';
import type { SenderSurroundings } from './sender-surroundings.ts';
import type { Senders } from './senders.ts';

const VERSION = 9;
/** Any replica answers, up to its log end: Kafka's id of a debugging consumer. */
const DEBUGGER = -2;
const LATEST = -1n;
const RETRY_MS = 200;

type Answer = LogEnd & { readonly brokerEpoch: BrokerEpoch };

/**
 * Asks marked brokers where their logs end, for partitions whose whole ISR is marked: one request in flight for each broker,
 * asked again until it answers or nobody wants to know any more.
 *
 * Invariant: an answer counts only for the registration under which it was given, and only for the leaderless epoch in
 * which it was asked for: nobody appends in it.
 *
 * Owned by the term, fed from its events; `complete` is called outside of them. Ends with `stop`.
 */
export class LogEndSurvey {
  readonly #cluster: Cluster;
  readonly #senders: Senders;
  readonly #surroundings: SenderSurroundings;
  readonly #complete: () => void;
  /** Partitions that wait, with those who are to be asked. */
  readonly #wanted = new Map<Partition, { readonly epoch: number; readonly of: readonly BrokerId[] }>();
  readonly #answers = new Map<Partition, Map<BrokerId, Answer>>();
  readonly #asking = new Set<BrokerId>();
  #isStopped = false;

  /** @param complete some partition has all its answers */
  constructor(cluster: Cluster, senders: Senders, surroundings: SenderSurroundings, complete: () => void) {
    this.#cluster = cluster;
    this.#senders = senders;
    this.#surroundings = surroundings;
    this.#complete = complete;
  }

  /** The partition has no leader in this epoch, and can have one once all of these have answered. */
  ask(partition: Partition, epoch: number, of: readonly BrokerId[]): void {
    if (this.#wanted.get(partition)?.epoch !== epoch) this.#answers.delete(partition);
    this.#wanted.set(partition, { epoch, of });
    for (const broker of of) void this.#askBroker(broker);
  }

  /** It has a leader, waits for something else, or is gone. */
  forget(partition: Partition): void {
    this.#wanted.delete(partition);
    this.#answers.delete(partition);
  }

  /** What has been answered in this epoch of the partition, by brokers that have not been registered anew since. */
  answersOf(partition: Partition): ReadonlyMap<BrokerId, LogEnd> {
    const epoch = partition.leaderAndIsr?.leaderEpoch;
    if (this.#wanted.get(partition)?.epoch !== epoch) return new Map();
    const answers = [...(this.#answers.get(partition) ?? [])];
    return new Map(answers.filter(([id, { brokerEpoch }]) => this.#cluster.brokers.get(id)?.epoch === brokerEpoch));
  }

  /** Those that have all their answers. */
  completed(): readonly Partition[] {
    return [...this.#wanted].flatMap(([partition, { of }]) => {
      const answers = this.answersOf(partition);
      return of.every((broker) => answers.has(broker)) ? [partition] : [];
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#wanted.clear();
  }

  /** Until it has answered for all that it is wanted for. */
  async #askBroker(broker: BrokerId): Promise<void> {
    if (this.#asking.has(broker)) return;
    this.#asking.add(broker);
    try {
      // What is put in by the event that runs now is asked for together.
      await Promise.resolve();
      for (let open = this.#openFor(broker); open.length > 0; open = this.#openFor(broker)) {
        const client = this.#senders.clientOf(broker);
        const brokerEpoch = this.#cluster.brokers.get(broker)?.epoch;
        if (client === undefined || brokerEpoch === undefined) return;
        const isAnswered = await this.#askOnce(client, { broker, brokerEpoch }, open);
        if (!isAnswered && !this.#isStopped) await this.#pause();
      }
    } finally {
      this.#asking.delete(broker);
    }
  }

  #openFor(broker: BrokerId): readonly Partition[] {
    if (this.#isStopped) return [];
    return [...this.#wanted].flatMap(([partition, { of }]) =>
      of.includes(broker) && !this.answersOf(partition).has(broker) ? [partition] : [],
    );
  }

  /** True where there is an answer for at least one of them. */
  async #askOnce(
    client: PeerClient,
    from: { readonly broker: BrokerId; readonly brokerEpoch: BrokerEpoch },
    partitions: readonly Partition[],
  ): Promise<boolean> {
    const asked = new Map(partitions.map((p) => [p.key, { partition: p, epoch: this.#wanted.get(p)?.epoch }]));
    let response: PeerResponse<'ListOffsets'>;
    try {
      const request = { replicaId: DEBUGGER, topics: topicsOf(partitions) };
      response = await client.send('ListOffsets', VERSION, request, {
        deadlineMs: this.#surroundings.requestTimeoutMs,
      });
    } catch (error) {
      this.#surroundings.logger.warn({ broker: from.broker, err: error }, 'a broker did not say where its logs end');
      return false;
    }
    let isAnswered = false;
    for (const { key, logEnd } of logEndsIn(response)) {
      const { partition, epoch } = asked.get(key) ?? {};
      if (partition === undefined || this.#wanted.get(partition)?.epoch !== epoch) continue;
      const answers = this.#answers.get(partition) ?? new Map<BrokerId, Answer>();
      this.#answers.set(partition, answers.set(from.broker, { ...logEnd, brokerEpoch: from.brokerEpoch }));
      isAnswered = true;
    }
    if (isAnswered && this.completed().length > 0) this.#complete();
    return isAnswered;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#surroundings.scheduler.after(RETRY_MS, resolve);
    });
  }
}

function topicsOf(partitions: readonly Partition[]) {
  return Array.from(
    Map.groupBy(partitions, ({ topic }) => topic),
    ([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map(({ partition }) => ({ partitionIndex: partition, timestamp: LATEST })),
    }),
  );
}

/** Only what was answered without an error. */
function logEndsIn({ topics }: PeerResponse<'ListOffsets'>): { readonly key: string; readonly logEnd: LogEnd }[] {
  return topics.flatMap(({ name: topic, partitions }) =>
    partitions.flatMap(({ partitionIndex: partition, errorCode, offset: end, leaderEpoch: epoch }) => {
      const endOffset = safeOffset(end);
      if (errorCode !== ERRORS.NONE.code || endOffset === undefined) return [];
      const key = formatTopicPartition({ topic, partition });
      return [{ key, logEnd: { lastEpoch: leaderEpoch(epoch), endOffset } }];
    }),
  );
}

function safeOffset(value: bigint): Offset | undefined {
  return value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? offset(Number(value)) : undefined;
}
