import { advance, type LeaderEpoch, type Offset, offset } from '@barnabas/model';
import {
  baseOffsetOf,
  checkBatch,
  lastOffsetOf,
  leaderEpochOf,
  nextOffsetOf,
  recordCountOf,
  stampBatch,
} from '@barnabas/protocol';
import { LeaderEpochCache, NonMonotonicOffsetError } from '@barnabas/storage';
import { batchOf } from '../batches.ts';

/** A log of real batches in memory, with none of the storage's cares. */
export class MemoryLog {
  readonly epochs = new LeaderEpochCache();
  startOffset = offset(0);
  endOffset = offset(0);
  #batches: Buffer[] = [];

  /** One batch of so many records, as a leader appends it. */
  append(epoch: LeaderEpoch, count = 1, value = 'v'): void {
    const records = Array.from({ length: count }, () => ({
      timestamp: 0,
      key: null,
      value: Buffer.from(value),
      headers: [],
    }));
    const batch = batchOf(count, { records });
    stampBatch(batch, 0, this.endOffset, epoch);
    this.#place(batch);
  }

  /** Throws as storage does, before anything is appended. */
  appendAsFollower(bytes: Buffer): void {
    const batches: Buffer[] = [];
    let expected = this.endOffset;
    for (let at = 0; at < bytes.length; ) {
      const sizeBytes = checkBatch(bytes, at);
      const batch = bytes.subarray(at, at + sizeBytes);
      if (baseOffsetOf(batch) < expected) throw new NonMonotonicOffsetError('log', expected, baseOffsetOf(batch), at);
      expected = nextOffsetOf(batch);
      batches.push(batch);
      at += sizeBytes;
    }
    for (const batch of batches) this.#place(Buffer.from(batch));
  }

  /** Whole batches up to so many bytes; if asked for, the first one in any case. */
  read(from: Offset, maxBytes: number, minOneBatch = true): Buffer {
    const found: Buffer[] = [];
    let bytes = 0;
    for (const batch of this.#batches) {
      if (lastOffsetOf(batch) < from) continue;
      if ((found.length > 0 || !minOneBatch) && bytes + batch.length > maxBytes) break;
      found.push(batch);
      bytes += batch.length;
    }
    return Buffer.concat(found);
  }

  truncateTo(end: Offset): void {
    this.#batches = this.#batches.filter((batch) => lastOffsetOf(batch) < end);
    this.endOffset = offset(Math.min(end, this.endOffset));
    this.epochs.truncateFromEnd(this.endOffset);
  }

  startAnewAt(start: Offset): void {
    this.#batches = [];
    this.epochs.clear();
    this.startOffset = start;
    this.endOffset = start;
  }

  deleteBefore(start: Offset): void {
    this.#batches = this.#batches.filter((batch) => lastOffsetOf(batch) >= start);
    this.startOffset = start;
    this.epochs.truncateFromStart(start);
  }

  /** `0@1+2`: two records at offset 0, written in epoch 1. */
  get content(): string[] {
    return this.#batches.map((batch) => `${baseOffsetOf(batch)}@${leaderEpochOf(batch)}+${recordCountOf(batch)}`);
  }

  #place(batch: Buffer): void {
    this.epochs.assign(leaderEpochOf(batch), baseOffsetOf(batch));
    this.#batches.push(batch);
    this.endOffset = advance(lastOffsetOf(batch), 1);
  }
}
