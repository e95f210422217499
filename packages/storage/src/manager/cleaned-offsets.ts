import { join } from 'node:path';
import { type Offset, offset } from '@barnabas/model';
import { CLEANER_CHECKPOINT, type OffsetCheckpoint, readOffsetCheckpoint } from '../checkpoint/offset-checkpoint.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { SavedOffsets } from './saved-offsets.ts';

/**
 * Up to where each log of a directory was compacted, as `cleaner-offset-checkpoint` says. Below that there may be offsets
 * between two segments that no batch holds, and recovery takes them for granted: what is said of batches must not
 * outlive them, or else a loss would pass for compaction.
 */
export class CleanedOffsets {
  readonly #path: string;
  readonly #fs: FileSystem;
  readonly #saved: SavedOffsets;
  #offsets: OffsetCheckpoint = new Map();

  constructor(fs: FileSystem, dir: string) {
    this.#fs = fs;
    this.#path = join(dir, CLEANER_CHECKPOINT);
    this.#saved = new SavedOffsets(fs, this.#path, () => this.#offsets);
  }

  /** Rejects with MalformedFileError, or with the system's error. */
  async load(): Promise<void> {
    this.#offsets = await readOffsetCheckpoint(this.#fs, this.#path);
  }

  /** The first offset of a log that compaction has not seen. */
  of(name: string): Offset {
    return this.#offsets.get(name) ?? offset(0);
  }

  /** Batches of a log at or above `to` are about to be cut off. On the disk when it resolves. */
  async lower(name: string, to: Offset): Promise<void> {
    if (this.of(name) > to) await this.#change(new Map(this.#offsets).set(name, to));
  }

  /** Forgets the logs that are gone. On the disk when it resolves. */
  async keepOnly(isThere: (name: string) => boolean): Promise<void> {
    const kept = new Map([...this.#offsets].filter(([name]) => isThere(name)));
    if (kept.size < this.#offsets.size) await this.#change(kept);
  }

  async #change(offsets: OffsetCheckpoint): Promise<void> {
    this.#offsets = offsets;
    await this.#saved.save();
  }
}
