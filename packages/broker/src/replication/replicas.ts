/**
 * What the doors and the request handlers see of the partitions that this broker has a replica of.
 */
import type { BrokerEpoch, BrokerId, ErrorName, LeaderEpoch, Offset, TopicPartition } from '@barnabas/model';
import type { LeaderAndIsrRequest, StopReplicaRequest } from '@barnabas/protocol';
import type { PeerResponse } from '@barnabas/transport';

/** -1 all in-sync replicas, 1 the leader alone, 0 nobody. */
export type Acks = -1 | 0 | 1;

/** A topic by name, and its id where the asker gave one: another one than ours is INCONSISTENT_TOPIC_ID. */
export type AskedPartition = TopicPartition & { readonly topicId?: string | undefined };

export type ProduceOptions = {
  readonly acks: Acks;
  /** How long to wait for the in-sync replicas. */
  readonly timeoutMs: number;
  /** `coordinator`: this broker's own records for internal topics; control batches are allowed. */
  readonly origin: 'client' | 'coordinator';
  /** Where the asker knows it, the append is refused unless the replica leads in exactly this epoch. */
  readonly currentLeaderEpoch?: LeaderEpoch;
};

/** A batch for a partition. */
export type BatchToProduce = AskedPartition & {
  readonly bytes: Buffer;
  /** Where it has to begin, if it matters: elsewhere it is OFFSET_OUT_OF_RANGE, and nothing appended. */
  readonly expectedOffset?: Offset | undefined;
};

/** What became of one produced batch. `error` other than those that say so means: nothing was appended (rule 7). */
export type ProduceResult =
  | {
      readonly kind: 'appended';
      readonly baseOffset: Offset;
      /** Where the topic stamps the time of append, and of a batch that was there before; else undefined. */
      readonly logAppendTimeMs: number | undefined;
      readonly logStartOffset: Offset;
    }
  /** `appended`: it may be in the log (REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS_AFTER_APPEND, lost leadership while waiting). */
  | { readonly kind: 'failed'; readonly error: ErrorName; readonly message: string; readonly appended: boolean };

export type FetchPartition = AskedPartition & {
  readonly fetchOffset: Offset;
  readonly maxBytes: number;
  readonly currentLeaderEpoch: LeaderEpoch | undefined;
  /** Epoch of the last record that the asker has: brings a diverging epoch to light. */
  readonly lastFetchedEpoch: LeaderEpoch | undefined;
  /** A follower's own log start. */
  readonly logStartOffset: Offset | undefined;
};

export type FetchSpec = {
  /** A follower, under the epoch that it is registered with; undefined: a consumer. */
  readonly replica: { readonly id: BrokerId; readonly epoch: BrokerEpoch } | undefined;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly partitions: readonly FetchPartition[];
  /** Aborted when nobody waits any longer. */
  readonly signal?: AbortSignal;
};

export type FetchedPartition = AskedPartition & {
  readonly error: ErrorName | undefined;
  /** -1 where it is not known. */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: { readonly epoch: LeaderEpoch; readonly endOffset: Offset } | undefined;
  /** For a read_committed consumer; else undefined. */
  readonly abortedTransactions: readonly { readonly producerId: bigint; readonly firstOffset: Offset }[] | undefined;
  /** Whole batches; the first may begin before the offset asked for. */
  readonly records: readonly Uint8Array[];
};

export type OffsetAnswer =
  | {
      readonly kind: 'found';
      readonly offset: Offset;
      /** -1 where the query is not about a record. */
      readonly timestamp: number;
      readonly leaderEpoch: LeaderEpoch | undefined;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly error: ErrorName; readonly message: string };

export type OffsetQuery = AskedPartition & {
  /** Epoch ms, or one of storage's LATEST_TIMESTAMP, EARLIEST_TIMESTAMP, MAX_TIMESTAMP. */
  readonly timestamp: number;
  readonly currentLeaderEpoch: LeaderEpoch | undefined;
  /**
   * `consumer`s are answered by the leader alone, up to the high watermark (OFFSET_NOT_AVAILABLE while it lies below the
   * start of the epoch); `follower`s by the leader, up to the log end; `debugger`s by any replica, up to the log end: that is
   * how the controller asks marked replicas how far their logs go (Kafka's replica id -2).
   */
  readonly asker: 'consumer' | 'follower' | 'debugger';
  readonly isolation: 'read_uncommitted' | 'read_committed';
};

export type EpochEnd =
  | { readonly kind: 'found'; readonly leaderEpoch: LeaderEpoch; readonly endOffset: Offset }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'failed'; readonly error: ErrorName };

/** One replica as the gauges and `GET /v1/...` want it. */
export type ReplicaStatus = {
  readonly topicPartition: TopicPartition;
  readonly role: 'leader' | 'follower' | 'none' | 'offline';
  readonly leaderEpoch: LeaderEpoch;
  readonly isr: readonly BrokerId[];
  readonly logStartOffset: Offset;
  readonly logEndOffset: Offset;
  readonly highWatermark: Offset;
  readonly sizeBytes: number;
  readonly isUnderReplicated: boolean;
  readonly isUnderMinIsr: boolean;
};

export interface Replicas {
  /** Answers one batch for each partition: one that fails does not keep the others from being appended. */
  produce(batches: readonly BatchToProduce[], options: ProduceOptions): Promise<readonly ProduceResult[]>;

  /** Waits for `minBytes` up to `maxWaitMs`; in the order asked. */
  fetch(spec: FetchSpec): Promise<readonly FetchedPartition[]>;

  offsetFor(query: OffsetQuery): Promise<OffsetAnswer>;

  endOffsetForEpoch(
    asked: AskedPartition & { readonly leaderEpoch: LeaderEpoch; readonly currentLeaderEpoch: LeaderEpoch | undefined },
  ): EpochEnd;

  /** LeaderAndIsr and StopReplica of the controller; epochs of controller and broker are checked here. */
  leaderAndIsr(request: LeaderAndIsrRequest): Promise<PeerResponse<'LeaderAndIsr'>>;
  stopReplica(request: StopReplicaRequest): Promise<PeerResponse<'StopReplica'>>;

  status(): Iterable<ReplicaStatus>;
}

/**
 * What may be new in a partition for those who fetch it. `records`: more can be read up to the log end, which is what
 * followers wait for. `watermarks`: the high watermark, the last stable offset or the log start has moved, which is what
 * consumers wait for. `role`: it leads or follows in another epoch, was cut, has failed, came or went.
 */
export type ReplicaNews = 'records' | 'watermarks' | 'role';

/**
 * The replicas as the Fetch handler needs them. It answers the fetches of sessions out of what has changed, so that a
 * thousand partitions in which nothing happens cost nothing: it calls `fetch` with `maxWaitMs: 0` for those of which there
 * is news, and from time to time (a quarter of `replica.lag.time.max.ms`) for all, which is what keeps a follower that has
 * nothing to fetch caught up. The waiting of those fetches is its own; `fetch` itself waits for fetches without a session.
 */
export interface FetchableReplicas extends Replicas {
  /**
   * Calls `listener` after each change that `fetch` would answer with, once it would; until it is called off by what this
   * returns. Too much news costs little, missing news delays a fetch until its wait is over.
   */
  onNews(listener: (partition: TopicPartition, news: ReplicaNews) => void): () => void;

  /** The topic of that id, where this broker has a replica of it: LeaderAndIsr tells before UpdateMetadata does. */
  topicNameOf(topicId: string): string | undefined;
}
