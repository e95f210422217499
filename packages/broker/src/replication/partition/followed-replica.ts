import { type LeaderEpoch, type Offset, offset, type TopicPartition } from '@barnabas/model';
import { deleteBefore, isLogDamage, type Log, truncateFullyAndStartAt, truncateTo } from '@barnabas/storage';
import { type FetchedRecords, type FollowedPartition, FollowingEndedError } from '../followed-partition.ts';
import type { Partition } from './partition.ts';
import { startOfWholeBatch } from './whole-batch.ts';

/**
 * A partition as its fetcher sees it. Every change looks at the epoch first, and again after it has waited: what belongs to
 * another one has no effect. What cuts the log runs in the partition's queue; an append waits for what is in the queue and
 * else takes its place in the log at once.
 */
export class FollowedReplica implements FollowedPartition {
  readonly #partition: Partition;
  readonly #log: Log;

  /** @param log of the partition, which follows; a partition whose log is another one is followed by another object */
  constructor(partition: Partition, log: Log) {
    this.#partition = partition;
    this.#log = log;
  }

  get topicPartition(): TopicPartition {
    return this.#partition.topicPartition;
  }

  get topicId(): string | undefined {
    return this.#partition.topicId;
  }

  get logStartOffset(): Offset {
    return this.#log.startOffset;
  }

  get fetchOffset(): Offset {
    return this.#log.safeEndOffset;
  }

  get logEndOffset(): Offset {
    return this.#log.endOffset;
  }

  get latestEpoch(): LeaderEpoch | undefined {
    return this.#log.latestEpoch;
  }

  async append(epoch: LeaderEpoch, fetched: FetchedRecords): Promise<void> {
    const log = this.#log;
    await this.#whenIdle(epoch);
    const start = startOfWholeBatch(log, fetched.records);
    if (start !== undefined) {
      await this.truncateFullyAndStartAt(epoch, start);
      await this.#whenIdle(epoch);
    }
    const acknowledged = fetched.records.length > 0 ? log.appendAsFollower(fetched.records).acknowledged : undefined;
    this.#partition.onLeaderHighWatermark(log, fetched.highWatermark);
    if (fetched.logStartOffset > log.startOffset) await this.#moveStart(epoch, fetched.logStartOffset);
    await acknowledged;
    this.#checkFollows(epoch);
  }

  truncateToDiverging(
    epoch: LeaderEpoch,
    diverging: { readonly epoch: LeaderEpoch; readonly endOffset: Offset },
  ): Promise<void> {
    return this.#cut(epoch, async (log) => {
      const ownEnd = log.endOffsetForEpoch(diverging.epoch)?.endOffset ?? log.endOffset;
      // Also where it cuts nothing: an epoch in which nothing was written is forgotten, and not claimed again.
      await truncateTo(log, offset(Math.min(diverging.endOffset, ownEnd, log.endOffset)));
    });
  }

  truncateTo(epoch: LeaderEpoch, to: Offset): Promise<void> {
    return this.#cut(epoch, async (log) => {
      await truncateTo(log, to);
    });
  }

  truncateFullyAndStartAt(epoch: LeaderEpoch, start: Offset): Promise<void> {
    return this.#cut(epoch, (log) => truncateFullyAndStartAt(log, start));
  }

  /** A batch must not slip in while the log is being cut. */
  async #whenIdle(epoch: LeaderEpoch): Promise<void> {
    while (!this.#partition.queue.isIdle) await this.#partition.queue.run(() => Promise.resolve());
    this.#checkFollows(epoch);
  }

  /** What is above our high watermark is never deleted: the leader's start is committed, only we have not heard so. */
  #moveStart(epoch: LeaderEpoch, leaderStart: Offset): Promise<void> {
    return this.#cut(epoch, async (log) => {
      await deleteBefore(log, offset(Math.min(leaderStart, log.highWatermark)));
    });
  }

  #cut(epoch: LeaderEpoch, act: (log: Log) => Promise<void>): Promise<void> {
    return this.#partition.queue.run(async () => {
      this.#checkFollows(epoch);
      try {
        await act(this.#log);
      } catch (error) {
        if (isLogDamage(error)) this.#partition.onDamage(this.#log, error);
        throw error;
      }
      this.#checkFollows(epoch);
    });
  }

  #checkFollows(epoch: LeaderEpoch): void {
    const { role, leaderEpoch, log, name } = this.#partition;
    if (role.kind !== 'follower' || leaderEpoch !== epoch || log !== this.#log) {
      throw new FollowingEndedError(name, epoch);
    }
  }
}
