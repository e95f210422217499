import { CutOffJuteError, MalformedJuteError } from './malformed-jute-error.ts';

/**
 * Reads jute, ZooKeeper's encoding (`org.apache.jute.BinaryInputArchive`): big-endian numbers, a boolean as one byte,
 * bytes, strings and vectors behind an int32 length, of which -1 stands for null. Nothing is read past the end, and no
 * length is believed before the bytes for it are there. Throws `MalformedJuteError`.
 */
export class JuteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  /** Byte that is read next. */
  get position(): number {
    return this.#at;
  }

  get remainingBytes(): number {
    return this.#bytes.length - this.#at;
  }

  boolean(): boolean {
    return this.#bytes.readUInt8(this.#take(1, 'a boolean')) !== 0;
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4, 'an int32'));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8, 'an int64'));
  }

  /** An int64 that has to be safe as a `number`: a zxid, a time. */
  safeInt64(): number {
    const at = this.#take(8, 'an int64');
    const value = this.#bytes.readInt32BE(at) * 2 ** 32 + this.#bytes.readUInt32BE(at + 4);
    if (!Number.isSafeInteger(value)) throw new MalformedJuteError(at, 'An int64 lies beyond 2^53');
    return value;
  }

  /** A view of the bytes, not a copy. */
  bytes(): Buffer | null {
    const at = this.#at;
    const length = this.int32();
    if (length === -1) return null;
    if (length < 0 || length > this.remainingBytes) {
      const problem = `${length} bytes are announced, ${this.remainingBytes} are there,`;
      throw length < 0 ? new MalformedJuteError(at, problem) : new CutOffJuteError(at, problem, this.#at + length);
    }
    const from = this.#take(length, 'bytes');
    return this.#bytes.subarray(from, from + length);
  }

  /**
   * Bytes that are no UTF-8 become U+FFFD, as in Java; no path may hold one, so that a request that names such a znode is
   * refused for its path.
   */
  string(): string | null {
    return this.bytes()?.toString('utf8') ?? null;
  }

  /** A string that must not be null. */
  requiredString(): string {
    const at = this.#at;
    const value = this.string();
    if (value === null) throw new MalformedJuteError(at, 'A string is null');
    return value;
  }

  /** A vector of what `readItem` reads, `itemBytesMin` or more each; null and empty are both []. */
  vector<T>(itemBytesMin: number, readItem: (reader: JuteReader) => T): T[] {
    const at = this.#at;
    const length = this.int32();
    if (length < -1 || length * itemBytesMin > this.remainingBytes) {
      const problem = `A vector of ${length} does not fit into ${this.remainingBytes} bytes`;
      if (length < 0) throw new MalformedJuteError(at, problem);
      throw new CutOffJuteError(at, problem, this.#at + length * itemBytesMin);
    }
    const items: T[] = [];
    for (let index = 0; index < length; index++) items.push(readItem(this));
    return items;
  }

  #take(count: number, what: string): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) throw new CutOffJuteError(at, `${what} is cut off`, at + count);
    this.#at = at + count;
    return at;
  }
}
