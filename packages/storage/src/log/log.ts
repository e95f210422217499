import {
  formatTopicPartition,
  KafkaError,
  type LeaderEpoch,
  type LogConfig,
  type Offset,
  offset,
  type TopicPartition,
} from '@barnabas/model';
import {
  baseOffsetOf,
  checkBatch,
  checkProducedBatch,
  lastOffsetDeltaOf,
  nextOffsetOf,
  stampBatch,
} from '@barnabas/protocol';
import type { EndOffsetForEpoch } from '../epoch/leader-epoch-cache.ts';
import type { ProducerOrigin } from '../producer/producer-state.ts';
import { FileOperationError, OffsetOutOfRangeError, SegmentReleasedError } from '../storage-errors.ts';
import { type AbortedTransaction, encodeAbortedTransaction } from '../transaction/aborted-transactions.ts';
import { abortedWithin } from './aborted-within.ts';
import { throwIfBeyondLimit, UnexpectedOffsetError } from './append-errors.ts';
import { prepareLeaderBatch } from './leader-batch.ts';
import { noteEpoch } from './load-epochs.ts';
import {
  type Appended,
  EARLIEST_TIMESTAMP,
  LATEST_TIMESTAMP,
  MAX_TIMESTAMP,
  type ReadIsolation,
  type ReadOptions,
} from './log-answers.ts';
import type { LogParts } from './log-parts.ts';
import { type LogRead, readLog } from './read-log.ts';
import { readRecent } from './read-recent.ts';
import { checkReplicated } from './replicated-batches.ts';
import { segmentFor } from './roll.ts';
import { findByTimestamp, findMaxTimestamp, type TimestampMatch } from './search-timestamp.ts';

/**
 * The log of one partition.
 *
 * Appends decide at once and in memory: offsets, segment, indexes, producer state. What has to reach the disk goes to
 * the writer, in order, and the append's promise says when it has. Nothing is awaited in between, so that two appends
 * cannot get in each other's way. Whoever owns the log (the partition's queue) makes sure that no append runs while it
 * is being truncated or closed; `truncation.ts` and `close-log.ts` do those.
 *
 * Invariant: startOffset <= highWatermark <= endOffset, and recoveryPoint <= writtenEndOffset <= endOffset.
 */
export class Log {
  readonly parts: LogParts;
  readonly #name: string;
  #config: LogConfig;
  #startOffset: Offset;
  #endOffset: Offset;
  #highWatermark: Offset;
  #recoveryPointLimit: Offset | undefined;
  #heldStart: Offset | undefined;
  #refusal: KafkaError | undefined;

  constructor(parts: LogParts) {
    this.parts = parts;
    this.#name = formatTopicPartition(parts.topicPartition);
    this.#config = parts.config;
    this.#startOffset = parts.startOffset;
    this.#endOffset = parts.endOffset;
    this.#highWatermark = parts.startOffset;
  }

  get topicPartition(): TopicPartition {
    return this.parts.topicPartition;
  }

  get name(): string {
    return this.#name;
  }

  get dir(): string {
    return this.parts.dir;
  }

  get config(): LogConfig {
    return this.#config;
  }

  set config(config: LogConfig) {
    this.#config = config;
    this.parts.writer.policy.flushMessages = config.flushMessages;
  }

  /** The first offset that may be read. */
  get startOffset(): Offset {
    return this.#startOffset;
  }

  /** The log start for the checkpoint, where the name of the first segment does not tell it. */
  get startOffsetToSave(): Offset | undefined {
    const isTold = this.#startOffset <= this.parts.segments.first.baseOffset;
    return this.#heldStart ?? (isTold ? undefined : this.#startOffset);
  }

  /** The start to save, whatever it is now: while segments go that a crash may bring back; for `truncation.ts`. */
  holdSavedStart(at: Offset | undefined): void {
    this.#heldStart = at;
  }

  /** The offset that the next record gets. */
  get endOffset(): Offset {
    return this.#endOffset;
  }

  /** End of what is in the files, and so readable. */
  get writtenEndOffset(): Offset {
    return this.parts.writer.writtenEndOffset;
  }

  /** End of what survives a power cut. */
  get durableEndOffset(): Offset {
    const flushed = this.parts.writer.flushedEndOffset;
    return offset(Math.min(flushed, this.#recoveryPointLimit ?? flushed));
  }

  /** Below it a start after a crash has to find everything sound, and looks at nothing. */
  get recoveryPoint(): Offset {
    const durable = this.durableEndOffset;
    return offset(Math.min(durable, this.parts.savedEpochs.unsavedFrom ?? durable));
  }

  /** End of what is as safe as `log.flush` asks for: what `acknowledged` has said of the appends below it. */
  get safeEndOffset(): Offset {
    return this.parts.writer.safeEndOffset;
  }

  /**
   * Has `listener` called whenever `writtenEndOffset` or `safeEndOffset` may have risen: one call for all appends of a
   * round, so that a partition needs no promise for each. There is one listener; it must not throw.
   */
  onProgress(listener: () => void): void {
    this.parts.writer.onProgress = listener;
  }

  /** Keeps the recovery point at or below `to` while the log is being cut; for `truncation.ts`. */
  limitRecoveryPoint(to: Offset | undefined): void {
    this.#recoveryPointLimit = to;
  }

  get highWatermark(): Offset {
    return this.#highWatermark;
  }

  /** End of what a read-committed consumer may see: nothing of a transaction that is still open. */
  get lastStableOffset(): Offset {
    const unstable = this.parts.producers.states.firstUnstableOffset;
    return unstable !== undefined && unstable < this.#highWatermark ? unstable : this.#highWatermark;
  }

  get sizeBytes(): number {
    return this.parts.segments.all.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  /** Moves the high watermark, within the log; the partition decides where to. */
  updateHighWatermark(to: Offset): void {
    this.#highWatermark = offset(Math.min(Math.max(to, this.#startOffset), this.#endOffset));
    this.parts.producers.states.onHighWatermark(this.#highWatermark);
    // All replicas that count have it.
    this.parts.writer.recent.dropBelow(this.#highWatermark);
  }

  /**
   * Appends one batch as the partition's leader: checks it, gives it the next offsets and the leader's epoch. The buffer
   * is the log's from now on; its header is changed in place.
   *
   * @param origin `client` batches are held to the rules for producers, `coordinator` ones (control batches too) are not
   * @param expected where the batch has to begin, if it matters; one that is there already is wherever it is
   * @throws UnexpectedOffsetError, BatchError (bad checksum, format or content), MESSAGE_TOO_LARGE, INVALID_TIMESTAMP, INVALID_RECORD, the
   *   producer-state errors (OUT_OF_ORDER_SEQUENCE_NUMBER...), OffsetLimitError, LogDirFailedError. Nothing has been
   *   appended then.
   */
  appendAsLeader(bytes: Buffer, epoch: LeaderEpoch, origin: ProducerOrigin = 'client', expected?: Offset): Appended {
    this.#throwIfFailed();
    if (origin === 'client') checkProducedBatch(bytes, 0);
    else if (checkBatch(bytes, 0) !== bytes.length) {
      throw new KafkaError('INVALID_RECORD', `${this.#name}: more than one batch to append`);
    }
    const nowMs = this.parts.clock.nowMs();
    const base = this.#endOffset;
    throwIfBeyondLimit(this.#name, base, lastOffsetDeltaOf(bytes));
    const earlier = this.parts.producers.check(bytes, 0, base, origin);
    if (earlier !== undefined) return { ...earlier, duplicate: true, acknowledged: this.#acknowledged() };
    if (expected !== undefined && expected !== base) throw new UnexpectedOffsetError(this.#name, base, expected);
    const prepared = prepareLeaderBatch(bytes, this.#config, nowMs);
    stampBatch(prepared.bytes, 0, base, epoch);
    this.#place(prepared.bytes, nowMs, true);
    return {
      firstOffset: base,
      lastOffset: offset(base + lastOffsetDeltaOf(prepared.bytes)),
      appendTimeMs: prepared.appendTimeMs,
      duplicate: false,
      acknowledged: this.#acknowledged(),
    };
  }

  /**
   * Appends batches as a follower: with the offsets and epochs that the leader gave them. The buffer holds whole batches
   * and is the log's from now on. Either all are appended or none.
   *
   * @throws BatchError, INVALID_RECORD for a control batch that is none, NonMonotonicOffsetError, OffsetGapError,
   *   OffsetLimitError, LogDirFailedError
   */
  appendAsFollower(bytes: Buffer): Appended {
    this.#throwIfFailed();
    const positions = checkReplicated(bytes, this.#name, this.#endOffset, this.parts.producers);
    const firstOffset = positions.length === 0 ? this.#endOffset : baseOffsetOf(bytes);
    const nowMs = this.parts.clock.nowMs();
    positions.forEach((at, index) => {
      this.#place(bytes.subarray(at, positions[index + 1] ?? bytes.length), nowMs, false);
    });
    return {
      firstOffset,
      lastOffset: offset(this.#endOffset - 1),
      appendTimeMs: undefined,
      duplicate: false,
      acknowledged: this.#acknowledged(),
    };
  }

  /**
   * Notes that `epoch` begins at the log's end, as a leader does when it takes office, even if it never writes anything
   * (KAFKA-7415). That is on the disk before it is missed: see `SavedEpochs`. Of an epoch without a batch it is not: the next one
   * begins at the same log end, and says all that this one did.
   */
  beginEpoch(epoch: LeaderEpoch): void {
    if (this.parts.epochs.assign(epoch, this.#endOffset)) this.parts.savedEpochs.begins(this.#endOffset);
  }

  get latestEpoch(): LeaderEpoch | undefined {
    return this.parts.epochs.latestEpoch;
  }

  /** Where `epoch` ended in this log, for a follower or consumer that wants to know up to where it agrees (KIP-101). */
  endOffsetForEpoch(epoch: LeaderEpoch): EndOffsetForEpoch | undefined {
    return this.parts.epochs.endOffsetFor(epoch, this.#endOffset);
  }

  /**
   * Reads from the batch that holds `from`, within one segment.
   * @throws OffsetOutOfRangeError below the log start or beyond the log end
   */
  async read(from: Offset, options: ReadOptions): Promise<LogRead> {
    this.#throwIfFailed();
    if (from < this.#startOffset || from > this.#endOffset) {
      throw new OffsetOutOfRangeError(this.#name, from, this.#startOffset, this.#endOffset);
    }
    const written = this.writtenEndOffset;
    const limit = {
      maxBytes: options.maxBytes,
      minOneBatch: options.minOneBatch ?? true,
      endOffset: offset(Math.min(this.#endOf(options.isolation), written)),
      writtenEndOffset: written,
    };
    const recent = readRecent(this.parts.writer.recent, from, limit);
    return recent ?? this.#reading(() => readLog(this.parts.segments, from, limit), from);
  }

  /** The aborted transactions that a read-committed reader of what `read` answered for `from` has to leave out. */
  async abortedTransactions(from: Offset, read: LogRead): Promise<AbortedTransaction[]> {
    return this.#reading(() => abortedWithin(this.parts.segments, from, read, this.#endOffset), from);
  }

  /**
   * The first record at or after a time (epoch ms), or what LATEST_TIMESTAMP, EARLIEST_TIMESTAMP and MAX_TIMESTAMP stand
   * for; undefined where there is none.
   */
  async offsetForTimestamp(timestamp: number): Promise<TimestampMatch | undefined> {
    this.#throwIfFailed();
    const { epochs, segments, writer } = this.parts;
    if (timestamp >= 0 || timestamp === MAX_TIMESTAMP) await writer.written();
    switch (timestamp) {
      case LATEST_TIMESTAMP:
        return { timestamp: -1, offset: this.#endOffset, leaderEpoch: epochs.latestEpoch };
      case EARLIEST_TIMESTAMP:
        return { timestamp: -1, offset: this.#startOffset, leaderEpoch: epochs.epochFor(this.#startOffset) };
      case MAX_TIMESTAMP:
        return this.#searching(() => findMaxTimestamp(segments, this.#config.indexIntervalBytes));
      default:
        if (timestamp < 0)
          throw new KafkaError('INVALID_REQUEST', `${timestamp} stands for no offset that is known here`);
        return this.#searching(() =>
          findByTimestamp(segments, timestamp, this.#startOffset, this.#config.indexIntervalBytes),
        );
    }
  }

  /** Why nothing can be appended or read any more, though the log directory is online; undefined if it can. */
  get refusal(): KafkaError | undefined {
    return this.#refusal;
  }

  /** From now on appends and reads, those under way too, end with `error`: the log was closed, or is damaged. */
  refuse(error: KafkaError): void {
    this.#refusal ??= error;
  }

  /** Writes and flushes all that was appended so far. */
  async flush(): Promise<void> {
    await this.parts.writer.flushAll();
  }

  /** Sets the ends after the files were cut or emptied; for `truncation.ts`. */
  resetTo(startOffset: Offset, endOffset: Offset): void {
    this.#startOffset = startOffset;
    this.#endOffset = endOffset;
    this.#highWatermark = offset(Math.min(Math.max(this.#highWatermark, startOffset), endOffset));
  }

  /** Moves the log start forward, for `truncation.ts`. */
  advanceStart(to: Offset): void {
    this.#startOffset = to;
    this.#highWatermark = offset(Math.max(this.#highWatermark, to));
  }

  #endOf(isolation: ReadIsolation): Offset {
    switch (isolation) {
      case 'logEnd':
        return this.#endOffset;
      case 'highWatermark':
        return this.#highWatermark;
      case 'lastStable':
        return this.lastStableOffset;
    }
  }

  /** A read that the disk refuses takes the log directory offline, unless the segment was removed meanwhile. */
  async #reading<T>(read: () => Promise<T>, from: Offset): Promise<T> {
    const end = this.#endOffset;
    try {
      const found = await read();
      if (this.#refusal !== undefined) throw this.#refusal;
      return found;
    } catch (error) {
      if (this.#refusal !== undefined) throw this.#refusal;
      if (from < this.#startOffset || end > this.#endOffset) {
        throw new OffsetOutOfRangeError(this.#name, from, this.#startOffset, this.#endOffset);
      }
      throw error instanceof FileOperationError ? this.parts.commit.fail(error) : error;
    }
  }

  /** A search begins anew where the log's start or end has moved under it, or a segment has gone. */
  async #searching<T>(search: () => Promise<T>): Promise<T> {
    for (;;) {
      const [start, end] = [this.#startOffset, this.#endOffset];
      try {
        return await this.#reading(search, start);
      } catch (error) {
        const hasMoved = this.#startOffset > start || this.#endOffset < end;
        if (error instanceof SegmentReleasedError) continue;
        if (!(error instanceof OffsetOutOfRangeError && hasMoved)) throw error;
      }
    }
  }

  #throwIfFailed(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    if (this.parts.commit.failure !== undefined) throw this.parts.commit.failure;
  }

  /** Not everyone waits for it: one that nobody awaits must not end the process when it rejects. */
  #acknowledged(): Promise<void> {
    const acknowledged = this.parts.writer.acknowledged(this.#endOffset);
    acknowledged.catch(() => {});
    return acknowledged;
  }

  /** Takes a checked and stamped batch into the log; from here on nothing can be refused. */
  #place(bytes: Buffer, nowMs: number, isSoonRead: boolean): void {
    const { writer, producers } = this.parts;
    const active = segmentFor(bytes, this.parts, this.#config, this.#endOffset, nowMs);
    if (noteEpoch(this.parts.epochs, bytes, 0)) this.parts.savedEpochs.begins(this.#endOffset);
    const position = active.place(bytes, 0, bytes.length, this.#config.indexIntervalBytes);
    this.#endOffset = nextOffsetOf(bytes);
    const aborted = producers.apply(bytes, 0);
    if (aborted !== undefined) {
      active.addAborted(aborted);
      writer.enqueue({ kind: 'abort', segment: active, entry: encodeAbortedTransaction(aborted) });
    }
    writer.enqueue({ kind: 'batch', segment: active, bytes, position, nextOffset: this.#endOffset, isSoonRead });
  }
}
