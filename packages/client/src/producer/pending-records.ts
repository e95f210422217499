import type { PreparedRecord, RecordMetadata } from './producer-record.ts';

/** A record that somebody waits for. */
export type PendingRecord = {
  readonly record: PreparedRecord;
  /** On the steady clock: until when it has to be acknowledged. */
  readonly deadlineMs: number;
  readonly resolve: (metadata: RecordMetadata) => void;
  readonly reject: (error: Error) => void;
};

export type BatchLimits = { readonly maxBatchBytes: number; readonly maxBatchRecords: number };

/** The records of a partition that have not been sent, in the order of the calls. */
export class PendingRecords {
  readonly #limits: BatchLimits;
  #records: PendingRecord[] = [];
  /** Those before it have been taken. */
  #head = 0;
  #sizeBytes = 0;

  constructor(limits: BatchLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#head === this.#records.length;
  }

  /** Whether they make a full batch. */
  get isFull(): boolean {
    const count = this.#records.length - this.#head;
    return this.#sizeBytes >= this.#limits.maxBatchBytes || count >= this.#limits.maxBatchRecords;
  }

  add(pending: PendingRecord): void {
    this.#records.push(pending);
    this.#sizeBytes += pending.record.sizeBytes;
  }

  /** The next batch: at least one record where there is one, and otherwise no more than the limits allow. */
  take(): PendingRecord[] {
    const start = this.#head;
    let sizeBytes = 0;
    for (; this.#head < this.#records.length; this.#head += 1) {
      const next = this.#records[this.#head]?.record.sizeBytes ?? 0;
      const count = this.#head - start;
      if (count > 0 && (sizeBytes + next > this.#limits.maxBatchBytes || count === this.#limits.maxBatchRecords)) break;
      sizeBytes += next;
    }
    this.#sizeBytes -= sizeBytes;
    const batch = this.#records.slice(start, this.#head);
    this.#dropTaken();
    return batch;
  }

  #dropTaken(): void {
    if (this.#head < this.#records.length / 2) return;
    this.#records = this.#records.slice(this.#head);
    this.#head = 0;
  }
}
