import type { Offset } from '@barnabas/model';
import { CoalescedWrite } from '../checkpoint/coalesced-write.ts';
import { writeLeaderEpochCheckpoint } from '../checkpoint/leader-epoch-checkpoint.ts';
import type { FileSystem } from '../fs/file-system.ts';
import type { LeaderEpochCache } from './leader-epoch-cache.ts';

/**
 * The file of a log's leader epochs. It may lag behind them, so that a leader of a thousand partitions has not a thousand files to
 * write before it takes its first record: from the log's recovery point on, a start after a crash reads the epochs out of the
 * batches themselves.
 *
 * Invariant: the recovery point on the disk never lies beyond `unsavedFrom`. So the log directory saves epochs first, then recovery
 * points. Ends with `close`.
 */
export class SavedEpochs {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #epochs: LeaderEpochCache;
  readonly #write = new CoalescedWrite(() => this.#replace());
  #unsavedFrom: Offset | undefined;
  #changes = 0;
  #savedChanges = 0;
  #isClosed = false;

  constructor(fs: FileSystem, path: string, epochs: LeaderEpochCache) {
    this.#fs = fs;
    this.#path = path;
    this.#epochs = epochs;
  }

  /** Where the first epoch begins that the file does not tell of. */
  get unsavedFrom(): Offset | undefined {
    return this.#unsavedFrom;
  }

  get isBehind(): boolean {
    return this.#changes > this.#savedChanges && !this.#isClosed;
  }

  /** An epoch begins there. */
  begins(at: Offset): void {
    this.#changes++;
    if (this.#unsavedFrom === undefined || at < this.#unsavedFrom) this.#unsavedFrom = at;
  }

  /** Epochs have gone, or begin elsewhere. A file that does not know tells more than there is, which is cut off when it is read. */
  changed(): void {
    this.#changes++;
  }

  /** Resolves when the disk has the epochs as they are now, or are later; writes only what is new. Rejects with the system's error. */
  save(): Promise<void> {
    return this.#write.request();
  }

  /** Resolves when nothing is being written; nothing will be any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#write.request();
  }

  async #replace(): Promise<void> {
    if (!this.isBehind) return;
    const changes = this.#changes;
    await writeLeaderEpochCheckpoint(this.#fs, this.#path, this.#epochs.entries);
    this.#savedChanges = changes;
    if (this.#changes === changes) this.#unsavedFrom = undefined;
  }
}
