import { type BrokerId, ERRORS, KafkaError } from '@barnabas/model';
import type { LogRecord } from '@barnabas/protocol';
import { PeerError } from '@barnabas/transport';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { FetchTurns } from '../asking/fetch-turns.ts';
import { unknownTopic } from '../asking/known-topic.ts';
import { nextView } from '../asking/next-view.ts';
import type { Door } from '../door/door.ts';
import { kafkaErrorOf } from '../http/rest-error.ts';
import type { Isolation } from '../read/fetch-message.ts';
import { type RecordLimits, sizeBytesOf } from '../read/fetched-records.ts';
import type { Start } from '../read/offset-for.ts';
import { PartitionCursor, type Round } from './partition-cursor.ts';
import { encodePosition, type TopicPosition } from './topic-position.ts';
import { type Visited, visitLeader } from './visit-leader.ts';

export type TopicRead = {
  readonly topic: ClusterTopic;
  readonly isolation: Isolation;
  /** Of what one round at one leader brings. */
  readonly limits: RecordLimits;
  /** Where all partitions begin; or where a reader was, and those that came since begin at their beginning. */
  readonly from: Start | TopicPosition;
};

export type TopicRecord = { readonly partition: number; readonly record: LogRecord };

/** What is left of a read's limits. */
export type Room = {
  readonly records: number;
  readonly bytes: number;
  /** Then a first record fits whatever its size. */
  readonly isEmpty: boolean;
};

/**
 * Reads all partitions of a topic at once, with one round at a time for a partition: those that a broker leads are fetched
 * from it together, and no leader has to wait for another. Records come in the order of their partition, partitions take
 * turns. A partition that cannot be read for now rests, and is read on from where it was.
 *
 * Lives as long as a request or stream; used by one caller. Holds what one round at each leader brings, and asks for no more
 * of a partition before that has been taken. `close` ends the rounds under way.
 */
export class TopicReader {
  readonly #door: Door;
  readonly #turns: FetchTurns;
  readonly #read: TopicRead;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #sinceMs: number;
  readonly #cursors: PartitionCursor[] = [];
  /** Aborted when a round is over, or all is; then there is another one. */
  #news = new AbortController();
  #rounds = 0;
  /** How many rounds have brought records of a partition. */
  #served = 0;
  #failure: unknown;
  /** Why a partition could not be read. */
  #complaint: KafkaError | undefined;
  #hasRead = false;

  /** @param signal aborted when nobody waits any longer */
  constructor(door: Door, turns: FetchTurns, read: TopicRead, signal: AbortSignal) {
    this.#door = door;
    this.#turns = turns;
    this.#read = read;
    this.#signal = AbortSignal.any([signal, this.#closing.signal]);
    this.#signal.addEventListener('abort', () => this.#news.abort());
    const { from } = read;
    this.#sinceMs = 'places' in from ? from.sinceMs : from.kind === 'timestamp' ? from.timestampMs : door.clock.nowMs();
    this.#addPartitions(read.topic, (partition) =>
      'places' in from ? (from.places[partition] ?? { kind: 'earliest' }) : from,
    );
  }

  /** Where to go on after what has been taken. */
  get position(): string {
    const places = this.#cursors.map((cursor) => cursor.placeSince(this.#sinceMs));
    return encodePosition(this.#read.topic, { sinceMs: this.#sinceMs, places });
  }

  /** Whether all that may be read of every partition has been taken. */
  get isUpToDate(): boolean {
    return this.#cursors.every(({ isAtEnd }) => isAtEnd);
  }

  get hasRecords(): boolean {
    return this.#cursors.some(({ hasRecords }) => hasRecords);
  }

  /**
   * One round at each leader, none of which waits for records. Those that do not answer soon are left to go on by
   * themselves. What had no place before begins at `since` from now on, so that nothing that comes is passed over.
   *
   * @throws KafkaError what no later round will make good: OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION; the reason where
   *   no partition can be read for now
   */
  async gather(): Promise<void> {
    const { clock, limits } = this.#door;
    const untilMs = clock.steadyMs() + limits.slowLeaderMs;
    this.#begin(0);
    for (;;) {
      const remainingMs = untilMs - clock.steadyMs();
      if (this.#rounds === 0 || remainingMs <= 0 || this.#signal.aborted) break;
      await this.#newsWithin(remainingMs);
    }
    for (const cursor of this.#cursors) cursor.place = settled(cursor.place, this.#sinceMs);
    this.#throwFailure();
  }

  /** @throws KafkaError where no partition has been read yet */
  throwIfNoneRead(): void {
    if (this.#hasRead || this.#signal.aborted) return;
    const { name } = this.#read.topic;
    throw (
      this.#complaint ?? new KafkaError('LEADER_NOT_AVAILABLE', `no partition of ${name} has a leader that answers`)
    );
  }

  /** Reads on until there is something to take, for `waitMs` at most. @throws KafkaError as `gather` does */
  async wait(waitMs: number): Promise<void> {
    const { clock } = this.#door;
    const untilMs = clock.steadyMs() + waitMs;
    while (!this.hasRecords && !this.#signal.aborted) {
      this.#throwFailure();
      const remainingMs = untilMs - clock.steadyMs();
      if (remainingMs <= 0) return;
      this.#begin(Math.ceil(remainingMs));
      await this.#newsWithin(Math.min(remainingMs, this.#shortestRestMs()));
    }
  }

  /** Takes what there is room for, a record of each partition in turn; `position` is behind each as soon as it has come. */
  *take(room: Room): Generator<TopicRecord, void, undefined> {
    let { records, bytes, isEmpty } = room;
    while (this.hasRecords) {
      for (const cursor of this.#cursors) {
        const record = cursor.next;
        if (record === undefined) continue;
        bytes -= sizeBytesOf(record);
        if (records <= 0 || (bytes < 0 && !isEmpty)) return;
        records -= 1;
        isEmpty = false;
        cursor.take();
        yield { partition: cursor.partition, record };
      }
    }
  }

  close(): void {
    this.#closing.abort();
  }

  #addPartitions({ partitions }: ClusterTopic, start: (partition: number) => Start): void {
    for (let partition = this.#cursors.length; partitions.has(partition); partition += 1) {
      this.#cursors.push(new PartitionCursor(partition, start(partition)));
    }
  }

  /** Begins rounds for all partitions that are free for one. */
  #begin(waitMs: number): void {
    const topic = this.#topicNow();
    if (topic === undefined) return;
    this.#addPartitions(topic, () => ({ kind: 'earliest' }));
    const nowMs = this.#door.clock.steadyMs();
    const byLeader = new Map<BrokerId, PartitionCursor[]>();
    for (const cursor of this.#cursors) {
      const leader = topic.partitions.get(cursor.partition)?.leader;
      // Another leads by now: what the one before may still answer is too late.
      if (cursor.round !== undefined && cursor.round.leader !== leader) cursor.round = undefined;
      const isFree = cursor.round === undefined && !cursor.hasRecords && cursor.restsUntilMs <= nowMs;
      if (leader === undefined || !isFree) continue;
      const others = byLeader.get(leader);
      if (others === undefined) byLeader.set(leader, [cursor]);
      else others.push(cursor);
    }
    for (const [leader, cursors] of byLeader) void this.#round(topic, leader, cursors, waitMs);
  }

  #topicNow(): ClusterTopic | undefined {
    const { name, topicId } = this.#read.topic;
    const topic = this.#door.cluster.image.topics.get(name);
    if (topic !== undefined && topic.topicId === topicId) return topic;
    this.#failure ??= unknownTopic(name);
    return undefined;
  }

  /** Never rejects. */
  async #round(topic: ClusterTopic, leader: BrokerId, cursors: PartitionCursor[], waitMs: number): Promise<void> {
    const { clock, limits } = this.#door;
    const round: Round = { leader };
    const beginMs = clock.steadyMs();
    const asked = inTurn(cursors).map((cursor) => {
      cursor.round = round;
      return { partition: cursor.partition, start: cursor.place, cursor };
    });
    this.#rounds += 1;
    const place = { topic, leader, isolation: this.#read.isolation, signal: this.#signal };
    const visited = await this.#visited(place, asked, waitMs);
    this.#rounds -= 1;
    for (const { partition, start, cursor } of asked) {
      if (cursor.round !== round) continue;
      cursor.round = undefined;
      const each =
        visited instanceof KafkaError ? ({ kind: 'failed', error: visited } as const) : visited.get(partition);
      // Its place was settled by the clock while this was under way.
      if (each === undefined || cursor.place !== start) continue;
      this.#note(cursor, each);
      // A leader that answers nothing, and does so at once, is not asked again at once.
      const isIdle = each.kind === 'failed' || (waitMs > 0 && each.nextOffset === each.from);
      if (isIdle) cursor.restsUntilMs = beginMs + limits.retryDelayMs;
    }
    this.#news.abort();
  }

  async #visited(
    place: Parameters<typeof visitLeader>[2],
    asked: Parameters<typeof visitLeader>[3],
    waitMs: number,
  ): Promise<ReadonlyMap<number, Visited> | KafkaError> {
    try {
      return await visitLeader(this.#door, this.#turns, place, asked, { limits: this.#read.limits, waitMs });
    } catch (thrown) {
      if (thrown instanceof PeerError) return kafkaErrorOf(thrown);
      if (thrown instanceof KafkaError) return thrown;
      this.#failure ??= thrown;
      return new Map();
    }
  }

  #note(cursor: PartitionCursor, visited: Visited): void {
    if (visited.kind === 'failed') {
      const { error } = visited;
      this.#complaint ??= error;
      if (!ERRORS[error.error].retriable) this.#failure ??= error;
      return;
    }
    this.#hasRead = true;
    cursor.put(visited.from, visited.records, visited.nextOffset, visited.highWatermark);
    if (visited.records.length > 0) cursor.servedLast = ++this.#served;
  }

  /** Resolves after a change of the cluster, the end of a round, or `waitMs`; at once if a round has ended before. */
  async #newsWithin(waitMs: number): Promise<void> {
    await nextView(this.#door, waitMs, this.#news.signal);
    if (this.#news.signal.aborted) this.#news = new AbortController();
  }

  #shortestRestMs(): number {
    const nowMs = this.#door.clock.steadyMs();
    const rests = this.#cursors.map(({ restsUntilMs }) => restsUntilMs - nowMs).filter((restMs) => restMs > 0);
    return Math.min(...rests);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Those that have waited longest first: a leader may have room for the first of them only. */
const inTurn = (cursors: readonly PartitionCursor[]): PartitionCursor[] =>
  Array.from(cursors).sort((a, b) => a.servedLast - b.servedLast || a.partition - b.partition);

/** An end that is asked for later is another one. */
const settled = (place: Start, sinceMs: number): Start =>
  place.kind === 'latest' || place.kind === 'tail' ? { kind: 'timestamp', timestampMs: sinceMs } : place;
