import { JuteTooLargeError } from './jute-too-large-error.ts';

/**
 * Writes jute, ZooKeeper's encoding (`org.apache.jute.BinaryOutputArchive`), into a buffer that grows. See `JuteReader`
 * for the encoding.
 */
export class JuteWriter {
  readonly #maxBytes: number;
  #bytes: Buffer;
  #length = 0;

  /**
   * @param initialBytes has room for so much at first; what fits is never too large
   * @param maxBytes where more is to be written, the method that is to write it throws JuteTooLargeError
   */
  constructor(initialBytes = 256, maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(initialBytes);
  }

  get lengthBytes(): number {
    return this.#length;
  }

  /** What was written, as a view: it holds until the next write. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  boolean(value: boolean): void {
    const at = this.#grow(1);
    this.#bytes.writeUInt8(value ? 1 : 0, at);
  }

  int32(value: number): void {
    const at = this.#grow(4);
    this.#bytes.writeInt32BE(value, at);
  }

  int64(value: bigint): void {
    const at = this.#grow(8);
    this.#bytes.writeBigInt64BE(value, at);
  }

  /** An int64 that is a safe integer: a zxid, a time. */
  safeInt64(value: number): void {
    const at = this.#grow(8);
    const high = Math.floor(value / 2 ** 32);
    this.#bytes.writeInt32BE(high, at);
    this.#bytes.writeUInt32BE(value - high * 2 ** 32, at + 4);
  }

  bytes(value: Uint8Array | null): void {
    this.int32(value?.length ?? -1);
    if (value === null) return;
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
  }

  /**
   * As UTF-8, half a surrogate pair as U+FFFD. Java writes a character beyond 16 bits as two encoded surrogates, which no
   * reader of UTF-8 takes, Java's own neither; no path can hold one.
   */
  string(value: string | null): void {
    const length = value === null ? -1 : Buffer.byteLength(value);
    this.int32(length);
    if (value === null) return;
    const at = this.#grow(length);
    this.#bytes.write(value, at, 'utf8');
  }

  vector<T>(items: readonly T[], writeItem: (writer: JuteWriter, item: T) => void): void {
    this.int32(items.length);
    for (const item of items) writeItem(this, item);
  }

  /** Writes an int32 over four bytes that were written before. */
  overwriteInt32(at: number, value: number): void {
    this.#bytes.writeInt32BE(value, at);
  }

  #grow(count: number): number {
    const at = this.#length;
    this.#length = at + count;
    if (this.#length > this.#bytes.length) this.#enlarge(at);
    return at;
  }

  #enlarge(usedBytes: number): void {
    if (this.#length > this.#maxBytes) throw new JuteTooLargeError(this.#maxBytes);
    const wantedBytes = Math.min(this.#bytes.length * 2, this.#maxBytes);
    const larger = Buffer.allocUnsafe(Math.max(this.#length, wantedBytes));
    this.#bytes.copy(larger, 0, 0, usedBytes);
    this.#bytes = larger;
  }
}
