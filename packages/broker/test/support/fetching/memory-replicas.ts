import {
  type BrokerId,
  type ErrorName,
  formatTopicPartition,
  type LeaderEpoch,
  leaderEpoch,
  type Offset,
  offset,
  type TopicPartition,
} from '@barnabas/model';
import { EARLIEST_TIMESTAMP } from '@barnabas/storage';
import type {
  AskedPartition,
  EpochEnd,
  FetchableReplicas,
  FetchedPartition,
  FetchPartition,
  FetchSpec,
  OffsetAnswer,
  OffsetQuery,
  ReplicaNews,
} from '../../../src/replication/replicas.ts';
import { MemoryLog } from './memory-log.ts';

/** What the leader saw of a follower's last fetch. */
export type FollowerSeen = { readonly fetchOffset: Offset; readonly brokerEpoch: number };

/** A partition that is led. */
export class MemoryPartition {
  readonly topicPartition: TopicPartition;
  readonly topicId: string;
  readonly log = new MemoryLog();
  readonly followers = new Map<BrokerId, FollowerSeen>();
  leaderEpoch = leaderEpoch(0);
  highWatermark = offset(0);
  /** Answered instead of anything else. */
  fault: ErrorName | undefined;
  readonly #tell: (news: ReplicaNews) => void;

  constructor(topicPartition: TopicPartition, topicId: string, tell: (news: ReplicaNews) => void) {
    this.topicPartition = topicPartition;
    this.topicId = topicId;
    this.#tell = tell;
  }

  lead(epoch: LeaderEpoch): void {
    this.leaderEpoch = epoch;
    this.log.epochs.assign(epoch, this.log.endOffset);
    this.#tell('role');
  }

  fail(fault: ErrorName | undefined): void {
    this.fault = fault;
    this.#tell('role');
  }

  append(count = 1, value = 'v'): void {
    this.log.append(this.leaderEpoch, count, value);
    this.#tell('records');
  }

  commitTo(to: number): void {
    this.highWatermark = offset(to);
    this.#tell('watermarks');
  }
}

/**
 * Replicas in memory that lead all they have; with Kafka's rules for epochs, and for nothing else. Waits are not its own: a
 * fetch is answered at once, and the wait is noted.
 */
export class MemoryReplicas
  implements Pick<FetchableReplicas, 'fetch' | 'offsetFor' | 'endOffsetForEpoch' | 'onNews' | 'topicNameOf'>
{
  readonly partitions = new Map<string, MemoryPartition>();
  /** Each fetch, as it came. */
  readonly fetches: FetchSpec[] = [];
  readonly #listeners = new Set<(partition: TopicPartition, news: ReplicaNews) => void>();

  /** The topic's id is its name's, see `idOf`. */
  lead(topic: string, partition = 0, epoch = leaderEpoch(0)): MemoryPartition {
    const at = { topic, partition };
    const led = new MemoryPartition(at, idOf(topic), (news) => {
      for (const listener of this.#listeners) listener(at, news);
    });
    this.partitions.set(formatTopicPartition(at), led);
    led.lead(epoch);
    return led;
  }

  onNews(listener: (partition: TopicPartition, news: ReplicaNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  topicNameOf(topicId: string): string | undefined {
    return [...this.partitions.values()].find((led) => led.topicId === topicId)?.topicPartition.topic;
  }

  async fetch(spec: FetchSpec): Promise<readonly FetchedPartition[]> {
    this.fetches.push(spec);
    let leftBytes = spec.maxBytes;
    return spec.partitions.map((asked) => {
      const answer = this.#fetchOne(asked, spec, leftBytes, leftBytes === spec.maxBytes);
      leftBytes -= answer.records.reduce((sum, { length }) => sum + length, 0);
      return answer;
    });
  }

  async offsetFor(query: OffsetQuery): Promise<OffsetAnswer> {
    const led = this.partitions.get(formatTopicPartition(query));
    const error = faultOf(led, query);
    if (led === undefined || error !== undefined) {
      return { kind: 'failed', error: error ?? 'UNKNOWN_SERVER_ERROR', message: '' };
    }
    const found = query.timestamp === EARLIEST_TIMESTAMP ? led.log.startOffset : led.log.endOffset;
    return { kind: 'found', offset: found, timestamp: -1, leaderEpoch: led.leaderEpoch };
  }

  endOffsetForEpoch(
    asked: AskedPartition & { readonly leaderEpoch: LeaderEpoch; readonly currentLeaderEpoch: LeaderEpoch | undefined },
  ): EpochEnd {
    const led = this.partitions.get(formatTopicPartition(asked));
    const error = faultOf(led, asked);
    if (led === undefined || error !== undefined) return { kind: 'failed', error: error ?? 'UNKNOWN_SERVER_ERROR' };
    const end = led.log.epochs.endOffsetFor(asked.leaderEpoch, led.log.endOffset);
    if (end === undefined) return { kind: 'undefined' };
    return { kind: 'found', leaderEpoch: end.epoch, endOffset: end.endOffset };
  }

  #fetchOne(asked: FetchPartition, spec: FetchSpec, leftBytes: number, isFirst: boolean): FetchedPartition {
    const led = this.partitions.get(formatTopicPartition(asked));
    const error = faultOf(led, asked);
    if (led === undefined || error !== undefined)
      return answerOf(asked, led, { error: error ?? 'UNKNOWN_SERVER_ERROR' });
    const { log } = led;
    if (asked.lastFetchedEpoch !== undefined) {
      const end = log.epochs.endOffsetFor(asked.lastFetchedEpoch, log.endOffset);
      if (end === undefined) return answerOf(asked, led, { error: 'OFFSET_OUT_OF_RANGE' });
      if (end.epoch < asked.lastFetchedEpoch || end.endOffset < asked.fetchOffset) {
        return answerOf(asked, led, { divergingEpoch: end });
      }
    }
    if (asked.fetchOffset < log.startOffset || asked.fetchOffset > log.endOffset) {
      return answerOf(asked, led, { error: 'OFFSET_OUT_OF_RANGE' });
    }
    if (spec.replica !== undefined) {
      led.followers.set(spec.replica.id, { fetchOffset: asked.fetchOffset, brokerEpoch: spec.replica.epoch });
    }
    const maxBytes = Math.min(asked.maxBytes, leftBytes);
    const isEnd = spec.replica === undefined && asked.fetchOffset >= led.highWatermark;
    const records = isEnd ? Buffer.alloc(0) : log.read(asked.fetchOffset, maxBytes, isFirst);
    return answerOf(asked, led, { records: records.length === 0 ? [] : [records] });
  }
}

/** The id of the topic of that name, in these tests. */
export const idOf = (topic: string): string => Buffer.from(topic.padEnd(16, '.').slice(0, 16)).toString('base64url');

const faultOf = (
  led: MemoryPartition | undefined,
  { topicId, currentLeaderEpoch }: AskedPartition & { readonly currentLeaderEpoch: LeaderEpoch | undefined },
): ErrorName | undefined => {
  if (led === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
  if (led.fault !== undefined) return led.fault;
  if (topicId !== undefined && topicId !== led.topicId) return 'INCONSISTENT_TOPIC_ID';
  if (currentLeaderEpoch === undefined || currentLeaderEpoch === led.leaderEpoch) return undefined;
  return currentLeaderEpoch < led.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH';
};

type Found = Partial<Pick<FetchedPartition, 'error' | 'records'>> & {
  readonly divergingEpoch?: { readonly epoch: LeaderEpoch; readonly endOffset: Offset };
};

const answerOf = (
  { topic, partition, topicId }: AskedPartition,
  led: MemoryPartition | undefined,
  { error, records = [], divergingEpoch }: Found,
): FetchedPartition => ({
  topic,
  partition,
  topicId,
  error,
  highWatermark: led?.highWatermark ?? -1,
  lastStableOffset: led?.highWatermark ?? -1,
  logStartOffset: led?.log.startOffset ?? -1,
  divergingEpoch,
  abortedTransactions: undefined,
  records,
});
