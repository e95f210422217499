/**
 * The two sides of following: the fetchers, which talk to leaders, and the replicas, which own the logs. Neither knows more
 * of the other than this.
 */
import type { BrokerId, LeaderEpoch, Offset, TopicPartition } from '@barnabas/model';

/** A replica that follows, as its fetcher sees it. Every change says in which epoch it was asked for; another one is over. */
export interface FollowedPartition {
  readonly topicPartition: TopicPartition;
  readonly topicId: string | undefined;
  readonly logStartOffset: Offset;
  /**
   * What the next fetch asks for, and so acknowledges (rule 5): with `log.flush=group` the end of what is flushed, else the
   * log end. The two are the same where nothing is being appended.
   */
  readonly fetchOffset: Offset;
  readonly logEndOffset: Offset;
  /** Of the last record before the log end, or noted there; undefined for a log that never saw an epoch. */
  readonly latestEpoch: LeaderEpoch | undefined;

  /**
   * Appends what was fetched, and takes over the leader's high watermark and log start. Resolves when it is as safe as
   * `log.flush` asks for: the next fetch acknowledges it.
   *
   * @throws FollowingEndedError where the replica no longer follows in `epoch`; storage's errors
   */
  append(epoch: LeaderEpoch, fetched: FetchedRecords): Promise<void>;

  /**
   * Cuts the log where it parts from the leader's (rule 4): at the least of the leader's end offset for the diverging epoch,
   * our own end for it, and the log end. Fetch again afterwards, until they agree.
   *
   * @throws as append
   */
  truncateToDiverging(
    epoch: LeaderEpoch,
    diverging: { readonly epoch: LeaderEpoch; readonly endOffset: Offset },
  ): Promise<void>;

  /** Cuts what lies beyond the leader's end, after OFFSET_OUT_OF_RANGE. @throws as append */
  truncateTo(epoch: LeaderEpoch, to: Offset): Promise<void>;

  /** Drops all and starts at the leader's log start. @throws as append */
  truncateFullyAndStartAt(epoch: LeaderEpoch, start: Offset): Promise<void>;
}

export type FetchedRecords = {
  /** Whole batches, the replica's from now on. */
  readonly records: Buffer;
  readonly highWatermark: Offset;
  readonly logStartOffset: Offset;
};

/** The replica leads by now, follows another leader, or has been stopped: what was fetched is of no use. */
export class FollowingEndedError extends Error {
  constructor(partition: string, epoch: LeaderEpoch) {
    super(`${partition} is no longer followed in leader epoch ${epoch}`);
    this.name = new.target.name;
  }
}

export type Following = {
  readonly partition: FollowedPartition;
  readonly leader: BrokerId;
  readonly leaderEpoch: LeaderEpoch;
};

/** The fetchers, as the replicas see them. */
export interface Fetchers {
  /**
   * From now on these are fetched from these leaders, and from no others. What is followed already begins anew, so that a
   * partition that failed is tried again. One call for many partitions puts them into one request. A partition of which not
   * all is flushed (`fetchOffset` below `logEndOffset`) is only fetched once it is.
   */
  follow(followings: readonly Following[]): void;
  /** From now on nothing is fetched for them; what is on its way is thrown away. */
  unfollow(partitions: readonly TopicPartition[]): void;
  /** Ends all fetching; no call of a FollowedPartition comes after it has resolved. */
  close(): Promise<void>;
}
