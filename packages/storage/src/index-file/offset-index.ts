/**
 * `.index`: where in a segment an offset lies. Entries of 8 bytes, big-endian, in rising order:
 *
 *   0 relative offset int32 (offset - base offset of the segment)
 *   4 position int32        (byte in the .log where the batch begins that ends with this offset)
 *
 * There is no checksum. An entry is a hint where to begin to scan, so that a missing one costs time and nothing else;
 * one that lies is found out by the reader, who looks at what is at the position.
 */
import { advance, type Offset, offset } from '@barnabas/model';
import { EntryFile, type IndexStore } from './entry-file.ts';
import { lastWhere } from './search.ts';

export const OFFSET_INDEX_ENTRY_BYTES = 8;

/** Offset of a batch's last record, and the byte where the batch begins. */
export type OffsetPosition = { readonly offset: Offset; readonly position: number };

export class OffsetIndex {
  readonly baseOffset: Offset;
  readonly file: EntryFile;

  /** @param sizeBytes size of the file; bytes beyond the last whole entry do not count */
  constructor(store: IndexStore, path: string, baseOffset: Offset, sizeBytes: number) {
    this.baseOffset = baseOffset;
    this.file = new EntryFile(store, path, OFFSET_INDEX_ENTRY_BYTES, Math.floor(sizeBytes / OFFSET_INDEX_ENTRY_BYTES));
  }

  /** @returns whether an index of at most `maxBytes` has no room for another entry */
  isFull(maxBytes: number): boolean {
    return this.file.count >= Math.floor(maxBytes / OFFSET_INDEX_ENTRY_BYTES);
  }

  append(last: Offset, position: number): void {
    const { bytes, at } = this.file.grow();
    bytes.writeInt32BE(last - this.baseOffset, at);
    bytes.writeInt32BE(position, at + 4);
  }

  async entry(index: number): Promise<OffsetPosition> {
    const { bytes, at } = await this.file.entry(index);
    return { offset: advance(this.baseOffset, bytes.readInt32BE(at)), position: bytes.readInt32BE(at + 4) };
  }

  /** The last entry at or below `target`: a scan for it begins there. The segment's start if there is none. */
  async lookup(target: Offset): Promise<OffsetPosition> {
    const found = await lastWhere(this.file.count, async (index) => (await this.entry(index)).offset <= target);
    return found < 0 ? { offset: this.baseOffset, position: 0 } : this.entry(found);
  }

  /** The last entry; the segment's start if there is none. */
  async last(): Promise<OffsetPosition> {
    return this.file.count === 0 ? { offset: this.baseOffset, position: 0 } : this.entry(this.file.count - 1);
  }

  /** Drops the entries at or above `end`, as their batches are being cut off. */
  async truncateTo(end: Offset): Promise<void> {
    const kept = await lastWhere(this.file.count, async (index) => (await this.entry(index)).offset < end);
    await this.file.truncateTo(kept + 1);
  }
}

/** The entries of an `.index` that was read whole, trailing zeros of preallocation included. */
export const decodeOffsetIndex = (bytes: Buffer, baseOffset: Offset): OffsetPosition[] =>
  Array.from({ length: Math.floor(bytes.length / OFFSET_INDEX_ENTRY_BYTES) }, (_, index) => {
    const at = index * OFFSET_INDEX_ENTRY_BYTES;
    return { offset: offset(baseOffset + bytes.readInt32BE(at)), position: bytes.readInt32BE(at + 4) };
  });
