/** Somebody that answers were written to, and that has not read all of them. */
export type SlowReader = { destroy(): void };

/** Whoever asks for records gets this much, however little room there is left. */
const LEAST_FETCH_BYTES = 64 * 1024;
/** The part of what is left that one answer may take. */
const SHARE = 4;

/**
 * Counts the answers of a door that wait in memory to be read. Kafka lets the kernel send from the file and keeps none; here
 * fetches are answered with less as room gets scarce, and where there is none those that have read nothing for the longest
 * time are dropped, so that slow readers cost nobody but themselves.
 */
export class UnreadAnswers {
  readonly #limitBytes: number;
  /** Who was written to, or has read, longest ago comes first. */
  readonly #unreadBytes = new Map<SlowReader, number>();
  #totalBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** The most that the answer to a fetch should have now. */
  get fetchBytes(): number {
    return Math.max(LEAST_FETCH_BYTES, Math.floor((this.#limitBytes - this.#totalBytes) / SHARE));
  }

  /** `reader` has this much left to read; 0 when it has read all, and when it is gone. */
  set(reader: SlowReader, bytes: number): void {
    this.#forget(reader);
    if (bytes === 0) return;
    this.#unreadBytes.set(reader, bytes);
    this.#totalBytes += bytes;
    if (this.#totalBytes > this.#limitBytes) this.#makeRoom();
  }

  #makeRoom(): void {
    for (const slowest of this.#unreadBytes.keys()) {
      if (this.#totalBytes <= this.#limitBytes) return;
      this.#forget(slowest);
      slowest.destroy();
    }
  }

  #forget(reader: SlowReader): void {
    this.#totalBytes -= this.#unreadBytes.get(reader) ?? 0;
    this.#unreadBytes.delete(reader);
  }
}
