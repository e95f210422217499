import { type LeaderEpoch, offset, producerId } from '@barnabas/model';
import { baseOffsetOf, maxTimestampOf, nextOffsetOf, producerIdOf } from '@barnabas/protocol';
import type { EpochEntry } from '../../src/epoch/leader-epoch-cache.ts';
import { produced, sequenced } from './batches.ts';

export const PRODUCERS = [7, 8, 9];

type Batch = { readonly bytes: Buffer; readonly base: number; readonly next: number };

/** A log as simple as can be: arrays in memory. Batches have one timestamp each. */
export class LogModel {
  start = 0;
  end = 0;
  batches: Batch[] = [];
  epochs: EpochEntry[] = [];
  /** What producers sent that was not cut off at the end, with the offset after it. */
  #sent: { readonly producer: number; readonly count: number; readonly next: number }[] = [];

  /** The next batch of a producer, or one without a producer id. */
  nextBatch(producer: number | undefined, count: number, timestamp: number): Buffer {
    if (producer === undefined) return produced({ count, timestamp });
    const sequence = this.#sent.filter((each) => each.producer === producer).reduce((sum, each) => sum + each.count, 0);
    return sequenced(sequence, { producerId: producerId(producer), count, timestamp });
  }

  /** @param bytes with the offsets that it has in the log */
  append(bytes: Buffer, epoch: LeaderEpoch): void {
    const [base, next] = [baseOffsetOf(bytes), nextOffsetOf(bytes)];
    this.beginEpoch(epoch, base);
    this.batches.push({ bytes, base, next });
    this.#sent.push({ producer: producerIdOf(bytes), count: next - base, next });
    this.end = next;
  }

  beginEpoch(epoch: LeaderEpoch, at = this.end): void {
    if (epoch <= (this.epochs.at(-1)?.epoch ?? -1)) return;
    this.epochs = [...this.epochs.filter(({ startOffset }) => startOffset < at), { epoch, startOffset: offset(at) }];
  }

  truncateTo(target: number, firstBase: number): void {
    if (target >= this.end) {
      this.reopen();
      return;
    }
    if (target < firstBase) {
      this.startAnewAt(target);
      return;
    }
    this.batches = this.batches.filter(({ next }) => next <= target);
    this.#sent = this.#sent.filter(({ next }) => next <= target);
    this.end = Math.max(firstBase, this.batches.at(-1)?.next ?? 0);
    this.start = Math.min(this.start, this.end);
    this.reopen();
  }

  startAnewAt(start: number): void {
    this.batches = [];
    this.epochs = [];
    this.#sent = [];
    this.start = start;
    this.end = start;
  }

  deleteBefore(start: number): void {
    if (start <= this.start || start > this.end) return;
    this.start = start;
    const first = this.epochs.findLast(({ startOffset }) => startOffset <= start);
    const later = this.epochs.filter(({ startOffset }) => startOffset > start);
    if (first !== undefined) this.epochs = [{ epoch: first.epoch, startOffset: offset(start) }, ...later];
  }

  /** The files below the first segment are gone. */
  forgetBelow(firstBase: number): void {
    this.batches = this.batches.filter(({ base }) => base >= firstBase);
  }

  /** An epoch in which nothing was written is not remembered. */
  reopen(): void {
    this.epochs = this.epochs.filter(({ startOffset }) => startOffset < this.end);
  }

  readable(): string[] {
    return this.batches.filter(({ next }) => next > this.start).map(({ bytes }) => bytes.toString('hex'));
  }

  offsetForTimestamp(timestamp: number): number | undefined {
    const found = this.batches.find(({ bytes, next }) => next > this.start && maxTimestampOf(bytes) >= timestamp);
    return found && Math.max(this.start, found.base);
  }
}
