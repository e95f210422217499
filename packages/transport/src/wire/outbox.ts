import type { Frame } from './frame.ts';

/** Parts below this are put together into larger ones: a write costs more than a copy. */
const SMALL_BYTES = 16 * 1024;
const GATHERED_BYTES = 64 * 1024;

/**
 * Gathers the frames of one turn of the event loop and hands them on together. One for each direction of a stream; ends
 * with `clear`.
 */
export class Outbox {
  readonly #write: (bytes: Uint8Array) => void;
  #parts: Uint8Array[] = [];
  #waitingBytes = 0;
  #turn: NodeJS.Immediate | undefined;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  /** Not yet handed on. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  add({ parts, sizeBytes }: Frame): void {
    this.#parts.push(...parts);
    this.#waitingBytes += sizeBytes;
    this.#turn ??= setImmediate(() => this.flush());
  }

  flush(): void {
    const parts = this.#parts;
    this.clear();
    let small: Uint8Array[] = [];
    let smallBytes = 0;
    const flushSmall = (): void => {
      const [only] = small;
      if (only === undefined) return;
      this.#write(small.length === 1 ? only : Buffer.concat(small, smallBytes));
      small = [];
      smallBytes = 0;
    };
    for (const part of parts) {
      if (part.length >= SMALL_BYTES || smallBytes + part.length > GATHERED_BYTES) flushSmall();
      if (part.length >= SMALL_BYTES) {
        this.#write(part);
      } else {
        small.push(part);
        smallBytes += part.length;
      }
    }
    flushSmall();
  }

  /** Forgets what has not been handed on. */
  clear(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#parts = [];
    this.#waitingBytes = 0;
  }
}
