import { replaceFile } from '../checkpoint/atomic-write.ts';
import { CoalescedWrite } from '../checkpoint/coalesced-write.ts';
import { formatOffsetCheckpoint, type OffsetCheckpoint } from '../checkpoint/offset-checkpoint.ts';
import type { FileSystem } from '../fs/file-system.ts';

/** A checkpoint file that is kept up to date: written on request, and only where it would say something new. */
export class SavedOffsets {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #collect: () => OffsetCheckpoint;
  readonly #write = new CoalescedWrite(() => this.#replace());
  #saved: OffsetCheckpoint | undefined;

  /** @param collect what the file is to say now */
  constructor(fs: FileSystem, path: string, collect: () => OffsetCheckpoint) {
    this.#fs = fs;
    this.#path = path;
    this.#collect = collect;
  }

  /** Resolves when the disk has what `collect` answers after this call; rejects with the system's error. */
  save(): Promise<void> {
    return this.#write.request();
  }

  async #replace(): Promise<void> {
    const offsets = this.#collect();
    if (this.#saved !== undefined && areSame(this.#saved, offsets)) return;
    this.#saved = undefined;
    await replaceFile(this.#fs, this.#path, formatOffsetCheckpoint(offsets));
    // What was collected may go on changing.
    this.#saved = new Map(offsets);
  }
}

const areSame = (some: OffsetCheckpoint, others: OffsetCheckpoint): boolean => {
  if (some.size !== others.size) return false;
  for (const [name, offset] of some) if (others.get(name) !== offset) return false;
  return true;
};
