import { join } from 'node:path';
import { encodeFileHeader } from './file-header.ts';
import { writeFully } from './file-io.ts';
import { zxidFileName } from './file-names.ts';
import type { FileHandle, FileSystem } from './file-system.ts';

/** ZooKeeper lengthens a file when the next transaction would begin this near to its end. */
const ROOM_BYTES = 4096;

/**
 * The log file that is being written. It is lengthened ahead of what is written, as ZooKeeper does, so that a flush has
 * no new size to write down; the zeros take no room on the disk. Calls come one after the other.
 */
export class LogFile {
  /** That of its first transaction. */
  readonly zxid: number;
  readonly #file: FileHandle;
  readonly #preallocateBytes: number;
  #endPosition = 0;
  #flushedPosition = 0;
  #sizeBytes = 0;

  private constructor(file: FileHandle, zxid: number, preallocateBytes: number) {
    this.#file = file;
    this.zxid = zxid;
    this.#preallocateBytes = preallocateBytes;
  }

  /** Its name is on the disk when the promise has resolved. What is there by that name has no transaction. */
  static async create(fs: FileSystem, directory: string, zxid: number, preallocateBytes: number): Promise<LogFile> {
    const handle = await fs.open(join(directory, zxidFileName('log', zxid)), 'write');
    const file = new LogFile(handle, zxid, preallocateBytes);
    try {
      await handle.truncate(0);
      await file.append([encodeFileHeader('log')]);
      await fs.syncDirectory(directory);
      return file;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Up to where all is on the disk. */
  get flushedPosition(): number {
    return this.#flushedPosition;
  }

  async append(chunks: readonly Uint8Array[]): Promise<void> {
    const endPosition = this.#endPosition + chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    await this.#makeRoom(endPosition);
    await writeFully(this.#file, chunks, this.#endPosition);
    this.#endPosition = endPosition;
  }

  async sync(): Promise<void> {
    const position = this.#endPosition;
    await this.#file.sync();
    this.#flushedPosition = position;
  }

  /** Takes off the zeros: nothing more will be written. */
  async finish(): Promise<void> {
    await this.#file.truncate(this.#endPosition);
    this.#sizeBytes = this.#endPosition;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #makeRoom(endPosition: number): Promise<void> {
    if (this.#preallocateBytes === 0 || endPosition + ROOM_BYTES < this.#sizeBytes) return;
    const steps = Math.ceil((endPosition + ROOM_BYTES + 1 - this.#sizeBytes) / this.#preallocateBytes);
    this.#sizeBytes += steps * this.#preallocateBytes;
    await this.#file.truncate(this.#sizeBytes);
  }
}
