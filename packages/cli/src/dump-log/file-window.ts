import { type FileHandle, FileOperationError, type FileSystem, readFully } from '@barnabas/storage';

const CHUNK_BYTES = 1024 * 1024;

/**
 * A file that is read from its beginning to its end, a chunk at a time. `holds` tells without waiting whether bytes are at
 * hand, so that a walk over many small batches waits once for each chunk.
 *
 * Invariant: the file's bytes from `#start` on are the first `#filled` ones of `bytes`.
 */
export class FileWindow {
  readonly path: string;
  /** When it was opened; what is appended later does not count. */
  readonly sizeBytes: number;
  readonly #file: FileHandle;
  #bytes = Buffer.alloc(0);
  #start = 0;
  #filled = 0;

  private constructor(path: string, file: FileHandle, sizeBytes: number) {
    this.path = path;
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  /** Rejects with the system's error. */
  static async open(fs: FileSystem, path: string): Promise<FileWindow> {
    const file = await fs.open(path, 'read');
    try {
      return new FileWindow(path, file, await file.sizeBytes());
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** What `at` counts in; replaced by `load`. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where byte `position` of the file is in `bytes`. */
  at(position: number): number {
    return position - this.#start;
  }

  holds(position: number, lengthBytes: number): boolean {
    return position >= this.#start && position + lengthBytes <= this.#start + this.#filled;
  }

  /** Makes at least these bytes available, which lie within the file. Rejects with FileOperationError. */
  async load(position: number, lengthBytes: number): Promise<void> {
    if (this.#bytes.length < lengthBytes || this.#bytes.length === 0) {
      this.#bytes = Buffer.allocUnsafe(Math.max(lengthBytes, CHUNK_BYTES));
    }
    const wanted = Math.min(this.#bytes.length, this.sizeBytes - position);
    this.#start = position;
    this.#filled = 0;
    try {
      this.#filled = await readFully(this.#file, this.#bytes.subarray(0, wanted), position);
    } catch (cause) {
      throw new FileOperationError('reading', this.path, position, cause);
    }
    if (this.#filled < lengthBytes) {
      throw new FileOperationError('reading', this.path, position + this.#filled, new Error('the file ends there'));
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
