import { readFully } from './file-io.ts';
import type { FileHandle } from './file-system.ts';

const WINDOW_BYTES = 1024 * 1024;

/** A file that is read from its start to its end, a window at a time. */
export class FileWindow {
  readonly #file: FileHandle;
  readonly sizeBytes: number;

  private constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  static async over(file: FileHandle): Promise<FileWindow> {
    return new FileWindow(file, await file.sizeBytes());
  }

  /** What is at `position`: `neededBytes` or more, or all that the file has left where that is less. */
  load(position: number, neededBytes: number): Promise<Buffer> {
    return this.read(position, Math.max(neededBytes, WINDOW_BYTES));
  }

  /** The same, and no more than that. */
  async read(position: number, count: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(count, this.sizeBytes - position)));
    return bytes.subarray(0, await readFully(this.#file, bytes, position));
  }
}
