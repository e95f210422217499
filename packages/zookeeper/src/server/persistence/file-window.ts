import { readFully } from './file-io.ts';
import type { FileHandle } from './file-system.ts';

const WINDOW_BYTES = 1024 * 1024;

/** A file that is read from its start to its end, a window at a time. */
export class FileWindow {
  readonly #file: Pick<FileHandle, 'read'>;
  readonly sizeBytes: number;
  readonly #windowBytes: number;

  private constructor(file: Pick<FileHandle, 'read'>, sizeBytes: number, windowBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
    this.#windowBytes = windowBytes;
  }

  static async over(file: Pick<FileHandle, 'read' | 'sizeBytes'>, windowBytes = WINDOW_BYTES): Promise<FileWindow> {
    return new FileWindow(file, await file.sizeBytes(), windowBytes);
  }

  /** What is at `position`: `neededBytes` or more, or all that the file has left where that is less. */
  load(position: number, neededBytes: number): Promise<Buffer> {
    return this.read(position, Math.max(neededBytes, this.#windowBytes));
  }

  /** The same, and no more than that. */
  async read(position: number, count: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(count, this.sizeBytes - position)));
    return bytes.subarray(0, await readFully(this.#file, bytes, position));
  }
}
