import type { Random, TopicPartition } from '@barnabas/model';

/** A batch as the test made it. */
export type ModelBatch = {
  /** As a producer sends it, with base offset 0. */
  readonly sent: Buffer;
  /** As it has to be in the log. */
  readonly stored: Buffer;
  readonly base: number;
  readonly next: number;
  readonly epoch: number;
  /** Of its records, in order. */
  readonly timestamps: readonly number[];
  readonly producer: BatchProducer | undefined;
};

export type BatchProducer = {
  readonly id: number;
  readonly epoch: number;
  readonly lastSequence: number;
  readonly transactional: boolean;
  readonly marker: 'commit' | 'abort' | undefined;
};

/** What was under way with a log when the lights went out: it may have happened or not, or in part. */
export type PendingOperation =
  | { readonly kind: 'none' | 'create' | 'delete' }
  | { readonly kind: 'truncate'; readonly to: number }
  | { readonly kind: 'truncateFully'; readonly start: number };

export const NOTHING_PENDING: PendingOperation = { kind: 'none' };

/**
 * What a partition has to hold, kept in the simplest way: all that was appended, in order, and how much of it the log
 * has promised.
 */
export class ModelLog {
  readonly topicPartition: TopicPartition;
  batches: ModelBatch[] = [];
  /** Where the log ends when it has no batch. */
  emptyAt = 0;
  startOffset = 0;
  /** A start that was asked for and not yet promised. */
  startAsked: number | undefined;
  /** End of what was acknowledged in the way of the flush mode. */
  acknowledgedEnd = 0;
  /** End of what a flush has acknowledged. */
  flushedEnd = 0;
  pending: PendingOperation = NOTHING_PENDING;
  leaderEpoch = 0;
  /** Where it ended each time that it was closed, which is where a close leaves a snapshot. */
  readonly closedAt: number[] = [];
  /** Goes up with each cut: an acknowledgement of an earlier life counts no more. */
  life = 0;

  constructor(topicPartition: TopicPartition) {
    this.topicPartition = topicPartition;
  }

  get endOffset(): number {
    return this.batches.at(-1)?.next ?? this.emptyAt;
  }

  get isBusy(): boolean {
    return this.pending.kind !== 'none';
  }

  acknowledge(end: number, life: number): void {
    if (life === this.life) this.acknowledgedEnd = Math.max(this.acknowledgedEnd, end);
  }

  flushed(end: number, life: number): void {
    if (life === this.life) this.flushedEnd = Math.max(this.flushedEnd, end);
  }

  /** Where the log ends that is cut from the batch on that holds `target`. */
  cutEnd(target: number): number {
    return this.batches.find(({ next }) => next > target)?.base ?? this.endOffset;
  }

  /**
   * After a cut or a crash, more of the epoch that is the last one now, as a leader may have that the log did not follow
   * so far; or of the one that the log had come to.
   */
  goOnInEpoch(random: Random): void {
    if (random.below(2) === 0) this.leaderEpoch = this.batches.at(-1)?.epoch ?? this.leaderEpoch;
  }

  /** The log is as long as this now, and all of it is on the disk. */
  settleAt(startOffset: number, endOffset: number): void {
    this.batches = this.batches.filter(({ next }) => next <= endOffset);
    if (this.batches.length === 0 || startOffset === endOffset) this.emptyAt = endOffset;
    if (this.batches.length > 0 && this.endOffset < endOffset) this.batches = [];
    this.startOffset = startOffset;
    this.startAsked = undefined;
    this.acknowledgedEnd = endOffset;
    this.flushedEnd = endOffset;
    this.pending = NOTHING_PENDING;
    this.life++;
  }
}
