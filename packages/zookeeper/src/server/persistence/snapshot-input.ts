import { JuteReader } from '../../jute/jute-reader.ts';
import { CutOffJuteError, MalformedJuteError } from '../../jute/malformed-jute-error.ts';
import { ADLER32_OF_NOTHING, adler32 } from './adler32.ts';
import type { FileWindow } from './file-window.ts';

/**
 * A snapshot that is read from its start to its end, a window at a time, with the checksum of what was read. A window
 * begins with an item that has not been read yet, and has as much as that item says it needs.
 *
 * Every method throws MalformedJuteError, whose position is that in the file.
 */
export class SnapshotInput {
  readonly #window: FileWindow;
  /** Of the file, where `#bytes` begin. */
  #start = 0;
  #bytes: Buffer;
  #reader: JuteReader;
  /** Of all before `#start`. */
  #checksumBefore = ADLER32_OF_NOTHING;

  /** @param header what was read of it already */
  constructor(window: FileWindow, header: Buffer) {
    this.#window = window;
    this.#bytes = header;
    this.#reader = new JuteReader(header, header.length);
  }

  /** Byte of the file that is read next. */
  get position(): number {
    return this.#start + this.#reader.position;
  }

  get remainingBytes(): number {
    return this.#window.sizeBytes - this.position;
  }

  /** Adler-32 of all before `position`. */
  checksum(): number {
    return adler32(this.#bytes.subarray(0, this.#reader.position), this.#checksumBefore);
  }

  /** What `read` reads. It may be called again, from where it began: nothing may come of it before it has read all. */
  async one<T>(read: (reader: JuteReader) => T): Promise<T> {
    const items: T[] = [];
    await this.each((reader) => items.push(read(reader)) < 1);
    return items[0] as T;
  }

  /** Reads items as long as `readItem` says that there are more. The same holds for it as for `one`. */
  async each(readItem: (reader: JuteReader) => boolean): Promise<void> {
    for (;;) {
      const neededBytes = this.#readWhole(readItem);
      if (neededBytes === undefined) return;
      await this.#load(neededBytes);
    }
  }

  /** What the first item needs that is not wholly in the window; undefined where there are no more items. */
  #readWhole(readItem: (reader: JuteReader) => boolean): number | undefined {
    let at = this.#reader.position;
    try {
      while (readItem(this.#reader)) at = this.#reader.position;
      return undefined;
    } catch (error) {
      if (!(error instanceof MalformedJuteError)) throw error;
      const isThere = error instanceof CutOffJuteError && this.#start + error.neededBytes <= this.#window.sizeBytes;
      if (!isThere) throw this.#inFile(error);
      this.#reader = new JuteReader(this.#bytes, at);
      return error.neededBytes - at;
    }
  }

  async #load(neededBytes: number): Promise<void> {
    this.#checksumBefore = this.checksum();
    this.#start = this.position;
    this.#bytes = await this.#window.load(this.#start, neededBytes);
    if (this.#bytes.length < neededBytes) throw new MalformedJuteError(this.#start, 'A snapshot has become shorter');
    this.#reader = new JuteReader(this.#bytes);
  }

  #inFile(error: MalformedJuteError): MalformedJuteError {
    const problem = error.message.replace(/ at byte \d+$/, '');
    return new MalformedJuteError(this.#start + error.position, problem);
  }
}
