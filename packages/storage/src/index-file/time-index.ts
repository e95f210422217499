/**
 * `.timeindex`: from when on which offset. Entries of 12 bytes, big-endian, in rising order:
 *
 *   0 timestamp int64        (largest timestamp of the segment up to this entry, epoch ms)
 *   8 relative offset int32  (last offset of the batch with that timestamp, less the segment's base offset)
 *
 * The last entry of a closed segment holds the segment's largest timestamp; one slot is kept free for it.
 */
import { advance, type Offset, offset } from '@barnabas/model';
import { readInt64, writeInt64 } from '@barnabas/protocol';
import { EntryFile, type IndexStore } from './entry-file.ts';
import { lastWhere } from './search.ts';

export const TIME_INDEX_ENTRY_BYTES = 12;
/** What stands for "no timestamp". */
export const NO_TIMESTAMP = -1;

/** A timestamp (epoch ms) and the last offset of the batch that carries it. */
export type TimestampOffset = { readonly timestamp: number; readonly offset: Offset };

export class TimeIndex {
  readonly baseOffset: Offset;
  readonly file: EntryFile;
  /** The last entry, once it has been read or written. */
  #last: TimestampOffset | undefined;

  /** @param sizeBytes size of the file; bytes beyond the last whole entry do not count */
  constructor(store: IndexStore, path: string, baseOffset: Offset, sizeBytes: number) {
    this.baseOffset = baseOffset;
    this.file = new EntryFile(store, path, TIME_INDEX_ENTRY_BYTES, Math.floor(sizeBytes / TIME_INDEX_ENTRY_BYTES));
    if (this.file.count === 0) this.#last = { timestamp: NO_TIMESTAMP, offset: baseOffset };
  }

  /** @returns whether an index of at most `maxBytes` has no room but for the closing entry */
  isFull(maxBytes: number): boolean {
    return this.file.count >= Math.floor(maxBytes / TIME_INDEX_ENTRY_BYTES) - 1;
  }

  /** Adds an entry if the timestamp is larger than the last one; `last()` must have been awaited once before. */
  append(entry: TimestampOffset): void {
    if (this.#last === undefined) throw new Error(`${this.file.path}: append before the last entry is known`);
    if (entry.timestamp <= this.#last.timestamp) return;
    const { bytes, at } = this.file.grow();
    writeInt64(bytes, entry.timestamp, at);
    bytes.writeInt32BE(entry.offset - this.baseOffset, at + 8);
    this.#last = entry;
  }

  async entry(index: number): Promise<TimestampOffset> {
    const { bytes, at } = await this.file.entry(index);
    return { timestamp: readInt64(bytes, at), offset: advance(this.baseOffset, bytes.readInt32BE(at + 8)) };
  }

  /** The last entry not later than `timestamp`; the segment's start if there is none. */
  async lookup(timestamp: number): Promise<TimestampOffset> {
    const found = await lastWhere(this.file.count, async (index) => (await this.entry(index)).timestamp <= timestamp);
    return found < 0 ? { timestamp: NO_TIMESTAMP, offset: this.baseOffset } : this.entry(found);
  }

  /** The last entry; (-1, base offset) if there is none. */
  async last(): Promise<TimestampOffset> {
    this.#last ??= await this.entry(this.file.count - 1);
    return this.#last;
  }

  /** Drops the entries at or above `end`, as their batches are being cut off. */
  async truncateTo(end: Offset): Promise<void> {
    const kept = await lastWhere(this.file.count, async (index) => (await this.entry(index)).offset < end);
    this.#last = kept < 0 ? { timestamp: NO_TIMESTAMP, offset: this.baseOffset } : await this.entry(kept);
    await this.file.truncateTo(kept + 1);
  }
}

/** The entries of a `.timeindex` that was read whole, trailing zeros of preallocation included. */
export const decodeTimeIndex = (bytes: Buffer, baseOffset: Offset): TimestampOffset[] =>
  Array.from({ length: Math.floor(bytes.length / TIME_INDEX_ENTRY_BYTES) }, (_, index) => {
    const at = index * TIME_INDEX_ENTRY_BYTES;
    return { timestamp: readInt64(bytes, at), offset: offset(baseOffset + bytes.readInt32BE(at + 8)) };
  });
