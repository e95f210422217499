import type { LogRecord } from '@barnabas/protocol';
import type { Start } from '../read/offset-for.ts';
import type { Place } from './topic-position.ts';

/** Marks a round at a leader: only what the latest one brings of a partition counts. */
export type Round = { readonly leader: number };

/**
 * Where a reader of a topic is in one of its partitions, and what has been read ahead of it.
 *
 * Invariant: `place` is behind all records that were taken, and before all others.
 */
export class PartitionCursor {
  readonly partition: number;
  place: Start;
  /** That is under way for it. */
  round: Round | undefined;
  /** By the steady clock: not asked for before. */
  restsUntilMs = Number.NEGATIVE_INFINITY;
  /** Counts the rounds that have brought records: the number of the last one for this partition. */
  servedLast = 0;
  #endOffset: number | undefined;
  #records: readonly LogRecord[] = [];
  #taken = 0;
  #nextOffset = 0;

  constructor(partition: number, place: Start) {
    this.partition = partition;
    this.place = place;
  }

  get hasRecords(): boolean {
    return this.#taken < this.#records.length;
  }

  /** Whether all that may be read, as the leader said last, has been taken. */
  get isAtEnd(): boolean {
    const { place } = this;
    return (
      !this.hasRecords && place.kind === 'offset' && this.#endOffset !== undefined && place.offset >= this.#endOffset
    );
  }

  /** Reads ahead, from where it is. */
  put(from: number, records: readonly LogRecord[], nextOffset: number, highWatermark: number): void {
    this.#endOffset = highWatermark;
    this.#records = records;
    this.#taken = 0;
    this.#nextOffset = nextOffset;
    this.place = { kind: 'offset', offset: records.length === 0 ? nextOffset : from };
  }

  /** The next record; undefined where there is none. */
  get next(): LogRecord | undefined {
    return this.#records[this.#taken];
  }

  take(): void {
    const record = this.next;
    if (record === undefined) return;
    this.#taken += 1;
    this.place = { kind: 'offset', offset: this.hasRecords ? record.offset + 1 : this.#nextOffset };
    if (!this.hasRecords) this.#records = [];
  }

  /** For a position: what is not found yet begins at `since`, unless it begins at its beginning. */
  placeSince(sinceMs: number): Place {
    const { place } = this;
    if (place.kind === 'offset' || place.kind === 'earliest') return place;
    return { kind: 'timestamp', timestampMs: sinceMs };
  }
}
