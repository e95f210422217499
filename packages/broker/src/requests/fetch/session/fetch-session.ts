import type { BrokerEpoch, BrokerId } from '@barnabas/model';
import type { ReplicaNews } from '../../../replication/replicas.ts';
import type { AskedFetch, AskedPartition } from '../asked-fetch.ts';
import { isUrgent, type PartitionAnswer, recordBytesOf } from '../partition-answer.ts';
import type { TopicNames } from '../topic-names.ts';
import type { PartitionNews } from './partition-news.ts';
import { type NewsReader, SessionPartition } from './session-partition.ts';
import { SessionTurn } from './session-turn.ts';

const MAX_EPOCH = 0x7fff_ffff;

/** What wakes who waits for records; the rest is told with the next answer, as Kafka does. */
const WAKES: Readonly<Record<'follower' | 'consumer', readonly ReplicaNews[]>> = {
  follower: ['records', 'role'],
  consumer: ['watermarks', 'role'],
};

export type FetchSessionOptions = {
  readonly id: number;
  readonly replicaId: BrokerId | undefined;
  readonly usesTopicIds: boolean;
  readonly createdMs: number;
  /** How long a partition of which there is no news is not looked at. */
  readonly refreshMs: number;
  readonly news: PartitionNews;
  readonly nameOf: TopicNames;
};

/**
 * What a broker keeps of one reader between its fetches (KIP-227): the partitions, and which of them have to be looked at
 * because the reader said something of them or because there was news. `FetchSessions` owns it; requests of its reader and
 * news come in any order, and every method runs through without a wait. Ends with `close`.
 *
 * Invariant: a partition that is not among the changed would be answered with no records, no error, and offsets that were
 * told or are among what the current turn has found.
 */
export class FetchSession implements NewsReader {
  readonly #options: FetchSessionOptions;
  readonly #partitions = new Map<string, SessionPartition>();
  /** Those that got records last come last, so that none is kept waiting by the others. */
  readonly #changed = new Set<SessionPartition>();
  #epoch = 1;
  #replicaEpoch: BrokerEpoch | undefined;
  #lookedAtAllMs: number;
  #lastUsedMs: number;
  #turn: SessionTurn | undefined;

  constructor(options: FetchSessionOptions) {
    this.#options = options;
    this.#lastUsedMs = options.createdMs;
    this.#lookedAtAllMs = options.createdMs;
  }

  get id(): number {
    return this.#options.id;
  }

  get isFollower(): boolean {
    return this.#options.replicaId !== undefined;
  }

  get createdMs(): number {
    return this.#options.createdMs;
  }

  get lastUsedMs(): number {
    return this.#lastUsedMs;
  }

  /** The epoch that the next request must have. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Number of partitions. */
  get size(): number {
    return this.#partitions.size;
  }

  get usesTopicIds(): boolean {
    return this.#options.usesTopicIds;
  }

  isOf({ replica }: AskedFetch): boolean {
    return replica?.id === this.#options.replicaId;
  }

  /** Takes in what the next request says. */
  update({ replica, partitions, forgotten }: AskedFetch, nowMs: number): void {
    this.#epoch = this.#epoch === MAX_EPOCH ? 1 : this.#epoch + 1;
    this.#lastUsedMs = nowMs;
    for (const asked of partitions) this.ask(asked);
    for (const key of forgotten) this.#forget(key);
    // A follower counts as caught up from fetch to fetch, and under the epoch of its last one (rule 1).
    const isNewEpoch = replica?.epoch !== this.#replicaEpoch;
    if (!isNewEpoch && nowMs - this.#lookedAtAllMs < this.#options.refreshMs) return;
    this.#replicaEpoch = replica?.epoch;
    this.#lookAtAll(nowMs);
  }

  /** Adds the partition, or takes over what is asked of it now. */
  ask(asked: AskedPartition): SessionPartition {
    const known = this.#partitions.get(asked.key);
    const partition = known ?? new SessionPartition(this, asked);
    if (known === undefined) this.#partitions.set(asked.key, partition);
    else known.ask(asked);
    this.#lookAt(partition);
    return partition;
  }

  /** Begins the next turn, once the one before is over. */
  async takeTurn(): Promise<SessionTurn> {
    const before = this.#turn;
    const turn = new SessionTurn();
    this.#turn = turn;
    before?.interrupt();
    await before?.ended;
    return turn;
  }

  takeChanged(): SessionPartition[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const partition of changed) if (partition.topic === undefined) this.#listenFor(partition);
    return changed;
  }

  takeAll(nowMs: number): SessionPartition[] {
    this.#lookAtAll(nowMs);
    return this.takeChanged();
  }

  /** They have to be looked at again. */
  putBack(partitions: Iterable<SessionPartition>): void {
    for (const partition of partitions) if (this.#has(partition)) this.#changed.add(partition);
  }

  /** Puts those back that may have more to be read: of them all `maxBytes` could be read at most. */
  onRead(read: ReadonlyMap<SessionPartition, PartitionAnswer>, maxBytes: number): void {
    const readBytes = [...read.values()].reduce((sum, answer) => sum + recordBytesOf(answer), 0);
    const isCut = ({ asked }: SessionPartition): boolean =>
      readBytes > 0 && readBytes + asked.terms.maxBytes > maxBytes;
    const [served, others] = [[...read].filter(hasRecords), [...read].filter((each) => !hasRecords(each))];
    for (const [partition, answer] of others) if (isUrgent(answer) || isCut(partition)) this.putBack([partition]);
    this.putBack(served.map(([partition]) => partition));
  }

  onNews(partition: SessionPartition, news: ReplicaNews): void {
    this.#changed.add(partition);
    if (WAKES[this.isFollower ? 'follower' : 'consumer'].includes(news)) this.#turn?.wake();
  }

  /** Its reader has to open another one; what it waits for is answered now. */
  close(): void {
    for (const partition of this.#partitions.values()) this.#options.news.remove(partition);
    this.#partitions.clear();
    this.#changed.clear();
    this.#turn?.interrupt();
  }

  #has(partition: SessionPartition): boolean {
    return this.#partitions.get(partition.key) === partition;
  }

  #forget(key: string): void {
    const partition = this.#partitions.get(key);
    if (partition === undefined) return;
    this.#partitions.delete(key);
    this.#changed.delete(partition);
    this.#options.news.remove(partition);
  }

  #lookAt(partition: SessionPartition): void {
    this.#changed.add(partition);
    if (partition.topic === undefined) this.#listenFor(partition);
  }

  #lookAtAll(nowMs: number): void {
    this.#lookedAtAllMs = nowMs;
    for (const partition of this.#partitions.values()) this.#changed.add(partition);
  }

  #listenFor(partition: SessionPartition): void {
    const topic = this.#options.nameOf(partition.asked);
    if (topic !== undefined) this.#options.news.add(partition, topic);
  }
}

const hasRecords = ([, answer]: [SessionPartition, PartitionAnswer]): boolean => answer.records.length > 0;
