import type { Offset } from '@barnabas/model';
import { lastOffsetOf, maxTimestampOf } from '@barnabas/protocol';
import { readOptional } from '../checkpoint/read-optional.ts';
import { segmentFileName } from '../file-names.ts';
import { readFully } from '../fs/read-fully.ts';
import type { IndexStore } from '../index-file/entry-file.ts';
import { OffsetIndex, type OffsetPosition } from '../index-file/offset-index.ts';
import { TimeIndex, type TimestampOffset } from '../index-file/time-index.ts';
import { FileOperationError, SegmentReleasedError, systemCodeOf } from '../storage-errors.ts';
import { type AbortedTransaction, decodeTransactionIndex } from '../transaction/aborted-transactions.ts';
import { type BatchVisitor, type ScanDepth, type ScanEnd, scanBatches } from './scan.ts';

/** The two indexes of a segment. */
export type SegmentIndexes = { readonly offset: OffsetIndex; readonly time: TimeIndex };

/**
 * One `.log` file and its indexes, named by the first offset that may be in it.
 *
 * Closed segments keep nothing but their size in memory until they are read. The active one takes batches through
 * `place`, which decides where the bytes go and what is indexed and does no I/O; the log's commit round writes them.
 *
 * Invariant: `writtenBytes <= sizeBytes`; readers see the first `writtenBytes`.
 */
export class Segment {
  readonly baseOffset: Offset;
  readonly store: IndexStore;
  readonly dir: string;
  /** Bytes placed so far, those not yet written included. */
  sizeBytes: number;
  /** Bytes that are in the file. */
  writtenBytes: number;
  /** When the segment was made, or opened; for rolling by time where batches have no timestamp. */
  readonly createdMs: number;
  /** Largest timestamp of the first batch: what rolling by time counts from. Undefined until it is known. */
  firstTimestamp: number | undefined;
  /** Where the batch lies that follows those read last: whoever reads on begins there. */
  readOn: OffsetPosition | undefined;
  /** Changes when the file is cut: what was read before says nothing about positions any more. */
  timesCut = 0;
  /** Set once the time index was made by this process, or is being looked at; see `checkTimeIndex`. */
  timeIndexChecked: Promise<void> | undefined;
  /** The files are no longer this segment's: their names may be gone, or given to others. */
  #released = false;
  #bytesSinceIndexEntry = 0;
  #maxTimestamp: TimestampOffset | undefined;
  #indexes: SegmentIndexes | undefined;
  /** Transactions whose abort marker is in this segment, once they have been read. */
  #aborted: AbortedTransaction[] | undefined;

  constructor(store: IndexStore, dir: string, baseOffset: Offset, sizeBytes: number, createdMs: number) {
    this.store = store;
    this.dir = dir;
    this.baseOffset = baseOffset;
    this.sizeBytes = sizeBytes;
    this.writtenBytes = sizeBytes;
    this.createdMs = createdMs;
  }

  pathOf(suffix: '.log' | '.index' | '.timeindex' | '.txnindex' | '.snapshot'): string {
    return `${this.dir}/${segmentFileName(this.baseOffset, suffix)}`;
  }

  get logPath(): string {
    return this.pathOf('.log');
  }

  /** The indexes, whose sizes are looked up when they are first asked for; a missing file is an empty one. */
  async indexes(): Promise<SegmentIndexes> {
    this.#throwIfReleased();
    if (this.#indexes === undefined) {
      const [offsetBytes, timeBytes] = await Promise.all([this.#sizeOf('.index'), this.#sizeOf('.timeindex')]);
      this.#indexes ??= this.#indexesOf(offsetBytes, timeBytes);
    }
    return this.#indexes;
  }

  /** Begins with nothing, whatever the files hold: for a new segment, and for recovery. */
  beginAnew(): void {
    this.#indexes?.offset.file.forgetPages();
    this.#indexes?.time.file.forgetPages();
    this.#indexes = this.#indexesOf(0, 0);
    this.timeIndexChecked ??= Promise.resolve();
    this.#maxTimestamp = undefined;
    this.#bytesSinceIndexEntry = 0;
    this.firstTimestamp = undefined;
    this.#aborted = [];
  }

  /** The indexes of the active segment, which `prepareForAppend` has opened. */
  get openIndexes(): SegmentIndexes {
    if (this.#indexes === undefined) throw new Error(`${this.logPath}: the indexes are not open`);
    return this.#indexes;
  }

  /** Reads what appending needs to know: the aborted transactions, the last time index entry, the first timestamp. */
  async prepareForAppend(): Promise<void> {
    await this.abortedTransactions();
    await (await this.indexes()).time.last();
    await this.maxTimestamp();
    if (this.firstTimestamp === undefined && this.writtenBytes > 0) {
      await this.scan(0, this.writtenBytes, 'headers', (bytes, at) => {
        this.firstTimestamp = maxTimestampOf(bytes, at);
        return 'stop';
      });
    }
  }

  /**
   * Takes a batch at the end of the segment: indexes it and answers the position of its first byte. An index entry is
   * due once more than `indexIntervalBytes` went by since the last one.
   */
  place(bytes: Buffer, at: number, sizeBytes: number, indexIntervalBytes: number): number {
    const position = this.sizeBytes;
    const last = lastOffsetOf(bytes, at);
    const timestamp = maxTimestampOf(bytes, at);
    if (position === 0) this.firstTimestamp = timestamp;
    if (timestamp > this.#knownMaxTimestamp().timestamp) this.#maxTimestamp = { timestamp, offset: last };
    if (this.#bytesSinceIndexEntry > indexIntervalBytes) {
      this.openIndexes.offset.append(last, position);
      this.openIndexes.time.append(this.#knownMaxTimestamp());
      this.#bytesSinceIndexEntry = 0;
    }
    this.#bytesSinceIndexEntry += sizeBytes;
    this.sizeBytes = position + sizeBytes;
    return position;
  }

  /** Writes the largest timestamp into the time index, as is due when a segment is closed. */
  closeTimeIndex(): void {
    if (this.#maxTimestamp !== undefined) this.openIndexes.time.append(this.#maxTimestamp);
  }

  /** The largest timestamp and the last offset of its batch; (-1, base offset) if there is no timestamp. */
  async maxTimestamp(): Promise<TimestampOffset> {
    this.#maxTimestamp ??= await (await this.indexes()).time.last();
    return this.#maxTimestamp;
  }

  /** In the order of their markers. Rejects with MalformedFileError where the `.txnindex` is not one. */
  async abortedTransactions(): Promise<readonly AbortedTransaction[]> {
    this.#throwIfReleased();
    if (this.#aborted === undefined) {
      const path = this.pathOf('.txnindex');
      const bytes = await readOptional(this.store.handles.fs, path);
      this.#aborted ??= bytes === undefined ? [] : decodeTransactionIndex(bytes, path);
    }
    return this.#aborted;
  }

  /** Notes an aborted transaction of the active segment; the commit round writes it. */
  addAborted(transaction: AbortedTransaction): void {
    if (this.#aborted === undefined) throw new Error(`${this.logPath}: the transaction index is not open`);
    this.#aborted.push(transaction);
  }

  /** Keeps the transactions whose marker is below `end`; answers whether any was dropped. */
  async dropAbortedFrom(end: Offset): Promise<boolean> {
    const before = await this.abortedTransactions();
    this.#aborted = before.filter(({ lastOffset }) => lastOffset < end);
    return this.#aborted.length < before.length;
  }

  /** Reads `target.length` bytes from `position`, fewer at the end of the file. */
  async read(target: Buffer, position: number): Promise<number> {
    this.#throwIfReleased();
    try {
      return await this.store.handles.use(this.logPath, 'read', (file) => readFully(file, target, position));
    } catch (error) {
      throw new FileOperationError('reading', this.logPath, position, error);
    }
  }

  async scan(from: number, end: number, depth: ScanDepth, visit: BatchVisitor): Promise<ScanEnd> {
    this.#throwIfReleased();
    try {
      return await scanBatches(this.store.handles, this.logPath, from, end, depth, visit);
    } catch (error) {
      throw systemCodeOf(error) === undefined ? error : new FileOperationError('reading', this.logPath, from, error);
    }
  }

  /** Cuts the bytes from `position` and the index entries from offset `end`; `findMaxTimestamp` is due then. */
  async truncateTo(position: number, end: Offset): Promise<void> {
    const indexes = await this.indexes();
    await indexes.offset.truncateTo(end);
    await indexes.time.truncateTo(end);
    await this.store.handles.use(this.logPath, 'write', (file) => file.truncate(position));
    this.readOn = undefined;
    this.timesCut++;
    this.sizeBytes = position;
    this.writtenBytes = position;
    this.#bytesSinceIndexEntry = 0;
    if (position === 0) this.firstTimestamp = undefined;
    this.timeIndexChecked = undefined;
    this.#maxTimestamp = undefined;
  }

  /**
   * Closes the files, as they are about to be renamed or removed, or the log is closed. Reads that are under way end in
   * peace; later ones are refused with SegmentReleasedError.
   */
  async release(): Promise<void> {
    this.#released = true;
    await this.#indexes?.offset.file.release();
    await this.#indexes?.time.file.release();
    this.#indexes = undefined;
    this.#aborted = undefined;
    await this.store.handles.forget(this.logPath);
    await this.store.handles.forget(this.pathOf('.txnindex'));
    await this.store.handles.forget(this.pathOf('.snapshot'));
  }

  /** The time index lags behind the log: what follows its last entry, from byte `from` on, is looked at. */
  async findMaxTimestamp(from: number): Promise<void> {
    let max = await (await this.indexes()).time.last();
    await this.scan(from, this.writtenBytes, 'headers', (bytes, at) => {
      const timestamp = maxTimestampOf(bytes, at);
      if (timestamp > max.timestamp && Number.isSafeInteger(timestamp))
        max = { timestamp, offset: lastOffsetOf(bytes, at) };
      return undefined;
    });
    this.#maxTimestamp = max;
  }

  /** Takes over the indexes that `scratch`, a segment of the same file, was given anew. */
  adoptIndexes(scratch: Segment): void {
    this.#indexes?.offset.file.forgetPages();
    this.#indexes?.time.file.forgetPages();
    this.#indexes = scratch.#indexes;
    this.#maxTimestamp = scratch.#maxTimestamp;
    this.#bytesSinceIndexEntry = scratch.#bytesSinceIndexEntry;
    this.firstTimestamp = scratch.firstTimestamp;
    this.timeIndexChecked ??= Promise.resolve();
  }

  #throwIfReleased(): void {
    if (this.#released) throw new SegmentReleasedError(this.logPath);
  }

  #knownMaxTimestamp(): TimestampOffset {
    this.#maxTimestamp ??= { timestamp: -1, offset: this.baseOffset };
    return this.#maxTimestamp;
  }

  #indexesOf(offsetBytes: number, timeBytes: number): SegmentIndexes {
    return {
      offset: new OffsetIndex(this.store, this.pathOf('.index'), this.baseOffset, offsetBytes),
      time: new TimeIndex(this.store, this.pathOf('.timeindex'), this.baseOffset, timeBytes),
    };
  }

  async #sizeOf(suffix: '.index' | '.timeindex'): Promise<number> {
    try {
      return (await this.store.handles.fs.stat(this.pathOf(suffix))).sizeBytes;
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return 0;
      throw error;
    }
  }
}

/** Writes both indexes, cuts off whatever else their files hold, and flushes them. */
export const saveWhole = async ({ offset, time }: SegmentIndexes): Promise<void> => {
  for (const { file } of [offset, time]) {
    await file.save();
    await file.trim();
    await file.sync();
  }
};
