import type { HandlePool } from '../files/handle-pool.ts';
import type { FileHandle } from '../fs/file-system.ts';
import { readFully } from '../fs/read-fully.ts';
import { writeFully } from '../fs/write-fully.ts';
import { FileOperationError } from '../storage-errors.ts';
import { PAGE_BYTES, type PageCache } from './page-cache.ts';

/** What index files of one process share. */
export type IndexStore = { readonly handles: HandlePool; readonly pages: PageCache };

const EMPTY = Buffer.alloc(0);

/**
 * A file of entries of one size that only grows at its end: the common part of `.index` and `.timeindex`.
 *
 * Entries are appended in memory and written by `save`; what was saved is read back a page at a time. So an idle log
 * holds nothing in memory, and a lookup in a large index reads a few pages that mostly are in the cache.
 *
 * Invariant: entries `0 .. #savedCount-1` are in the file, the others in `#unsaved`, in order.
 * `save`, `truncateTo` and `sync` must not overlap; the log's commit round calls them one after the other.
 */
export class EntryFile {
  #path: string;
  readonly #entryBytes: number;
  readonly #entriesPerPage: number;
  readonly #store: IndexStore;
  #savedCount: number;
  #unsaved = EMPTY;
  #unsavedCount = 0;
  /** How often saved entries were cut off: a page that was being read meanwhile is not for the cache. */
  #cuts = 0;

  /** @param savedCount whole entries that the file holds; a torn one at its end is written over */
  constructor(store: IndexStore, path: string, entryBytes: number, savedCount: number) {
    this.#store = store;
    this.#path = path;
    this.#entryBytes = entryBytes;
    this.#entriesPerPage = Math.floor(PAGE_BYTES / entryBytes);
    this.#savedCount = savedCount;
  }

  get path(): string {
    return this.#path;
  }

  get count(): number {
    return this.#savedCount + this.#unsavedCount;
  }

  get unsavedBytes(): number {
    return this.#unsavedCount * this.#entryBytes;
  }

  /** Makes room for one more entry and answers where to write it: the buffer, and the position in it. */
  grow(): { bytes: Buffer; at: number } {
    const at = this.unsavedBytes;
    if (at + this.#entryBytes > this.#unsaved.length) {
      const larger = Buffer.alloc(Math.max(8 * this.#entryBytes, 2 * this.#unsaved.length));
      this.#unsaved.copy(larger, 0, 0, at);
      this.#unsaved = larger;
    }
    this.#unsavedCount++;
    return { bytes: this.#unsaved, at };
  }

  /** The buffer and position that hold entry `index`, from 0 to `count - 1`. */
  async entry(index: number): Promise<{ bytes: Buffer; at: number }> {
    if (index >= this.#savedCount) return { bytes: this.#unsaved, at: (index - this.#savedCount) * this.#entryBytes };
    const page = Math.floor(index / this.#entriesPerPage);
    const at = (index % this.#entriesPerPage) * this.#entryBytes;
    const cached = this.#store.pages.get(this.#path, page);
    if (cached !== undefined && cached.length >= at + this.#entryBytes) return { bytes: cached, at };
    return { bytes: await this.#readPage(page, at + this.#entryBytes), at };
  }

  /** Writes what the file does not hold yet. */
  async save(): Promise<void> {
    if (this.#unsavedCount === 0) return;
    const count = this.#unsavedCount;
    const bytes = this.#unsaved.subarray(0, count * this.#entryBytes);
    const position = this.#savedCount * this.#entryBytes;
    await this.#use('write', 'writing', position, (file) => writeFully(file, [bytes], position));
    const rest = this.#unsaved.subarray(count * this.#entryBytes, this.unsavedBytes);
    this.#unsaved = rest.length === 0 ? EMPTY : Buffer.from(rest);
    this.#unsavedCount -= count;
    this.#savedCount += count;
  }

  async sync(): Promise<void> {
    await this.#use('write', 'flushing', 0, (file) => file.sync());
  }

  /** Keeps the first `count` entries, in memory at once and in the file when the promise resolves. */
  async truncateTo(count: number): Promise<void> {
    if (count >= this.count) return;
    if (count >= this.#savedCount) {
      this.#unsavedCount = count - this.#savedCount;
      return;
    }
    this.#dropPages(Math.floor(count / this.#entriesPerPage));
    this.#cuts++;
    this.#unsaved = EMPTY;
    this.#unsavedCount = 0;
    this.#savedCount = count;
    const sizeBytes = count * this.#entryBytes;
    await this.#use('write', 'truncation', sizeBytes, (file) => file.truncate(sizeBytes));
  }

  /** Cuts off whatever follows the entries: preallocated zeros, a torn entry. */
  async trim(): Promise<void> {
    const sizeBytes = this.#savedCount * this.#entryBytes;
    await this.#use('write', 'truncation', sizeBytes, (file) => file.truncate(sizeBytes));
  }

  /** The file is about to be renamed or removed. */
  async release(): Promise<void> {
    this.forgetPages();
    await this.#store.handles.forget(this.#path);
  }

  /** The file is about to be written anew by another. */
  forgetPages(): void {
    this.#dropPages(0);
    this.#cuts++;
  }

  async #readPage(page: number, neededBytes: number): Promise<Buffer> {
    const pageEntries = Math.min(this.#entriesPerPage, this.#savedCount - page * this.#entriesPerPage);
    // Not from the pool of small buffers: a page of a few entries would keep 8 KiB of it alive.
    const bytes = Buffer.allocUnsafeSlow(pageEntries * this.#entryBytes);
    const position = page * this.#entriesPerPage * this.#entryBytes;
    const cuts = this.#cuts;
    const read = await this.#use('read', 'reading', position, (file) => readFully(file, bytes, position));
    if (read < neededBytes)
      throw new FileOperationError('reading', this.#path, position + read, 'the file is too short');
    if (cuts === this.#cuts) this.#store.pages.put(this.#path, page, bytes.subarray(0, read));
    return bytes;
  }

  async #use<T>(
    mode: 'read' | 'write',
    operation: string,
    position: number,
    task: (file: FileHandle) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#store.handles.use(this.#path, mode, task);
    } catch (error) {
      throw error instanceof FileOperationError
        ? error
        : new FileOperationError(operation, this.#path, position, error);
    }
  }

  #dropPages(firstPage: number): void {
    this.#store.pages.drop(this.#path, firstPage, Math.floor(this.#savedCount / this.#entriesPerPage));
  }
}
