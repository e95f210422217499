import { type LeaderEpoch, leaderEpoch, type Offset, offset, type TopicPartition } from '@barnabas/model';
import {
  type FetchedRecords,
  type FollowedPartition,
  FollowingEndedError,
} from '../../../src/replication/followed-partition.ts';
import { MemoryLog } from './memory-log.ts';
import { idOf } from './memory-replicas.ts';

/** A replica that follows, its log in memory. Appends are safe once the flush that a test holds back has ended. */
export class MemoryFollowed implements FollowedPartition {
  readonly topicPartition: TopicPartition;
  readonly topicId: string | undefined;
  readonly log = new MemoryLog();
  epoch = leaderEpoch(0);
  highWatermark = offset(0);
  fetchOffset = offset(0);
  /** What was done to the log, in its own words. */
  readonly changes: string[] = [];
  /** Thrown by the next append. */
  nextError: Error | undefined;
  /** While set, appends wait for it before they are safe. */
  flush: Promise<void> | undefined;
  #running = 0;
  /** How many changes were ever under way at once. */
  mostAtOnce = 0;

  constructor(topic: string, partition = 0, topicId: string | undefined = idOf(topic)) {
    this.topicPartition = { topic, partition };
    this.topicId = topicId;
  }

  get logStartOffset(): Offset {
    return this.log.startOffset;
  }

  get logEndOffset(): Offset {
    return this.log.endOffset;
  }

  get latestEpoch(): LeaderEpoch | undefined {
    return this.log.epochs.latestEpoch;
  }

  /** Fills the log as an earlier leader did. */
  wrote(epoch: LeaderEpoch, count: number): void {
    this.log.append(epoch, count);
    this.fetchOffset = this.log.endOffset;
  }

  append(epoch: LeaderEpoch, { records, highWatermark, logStartOffset }: FetchedRecords): Promise<void> {
    return this.#change(epoch, async () => {
      const error = this.nextError;
      this.nextError = undefined;
      if (error !== undefined) throw error;
      this.log.appendAsFollower(records);
      if (records.length > 0) this.changes.push(`append to ${this.log.endOffset}`);
      this.highWatermark = offset(Math.min(Math.max(highWatermark, this.highWatermark), this.log.endOffset));
      if (logStartOffset > this.log.startOffset) this.log.deleteBefore(logStartOffset);
      if (records.length > 0) await this.flush;
    });
  }

  truncateToDiverging(
    epoch: LeaderEpoch,
    diverging: { readonly epoch: LeaderEpoch; readonly endOffset: Offset },
  ): Promise<void> {
    const ownEnd = this.log.epochs.endOffsetFor(diverging.epoch, this.log.endOffset)?.endOffset ?? this.log.endOffset;
    return this.truncateTo(epoch, offset(Math.min(diverging.endOffset, ownEnd)));
  }

  truncateTo(epoch: LeaderEpoch, to: Offset): Promise<void> {
    return this.#change(epoch, async () => {
      this.log.truncateTo(to);
      this.changes.push(`truncate to ${to}`);
    });
  }

  truncateFullyAndStartAt(epoch: LeaderEpoch, start: Offset): Promise<void> {
    return this.#change(epoch, async () => {
      this.log.startAnewAt(start);
      this.changes.push(`start anew at ${start}`);
    });
  }

  async #change(epoch: LeaderEpoch, act: () => Promise<void>): Promise<void> {
    if (epoch !== this.epoch) throw new FollowingEndedError(this.topicPartition.topic, epoch);
    this.#running++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#running);
    try {
      await act();
      this.fetchOffset = this.log.endOffset;
    } finally {
      this.#running--;
    }
  }
}
