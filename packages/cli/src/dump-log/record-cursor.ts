/**
 * The records of a batch as Kafka's tool reads them; record.ts of the protocol has the layout. This is not the reader of
 * the log. That one refuses what a log of ours would not take, while a dump is there to show it: offsets in any order,
 * timestamps of 64 bits, batches with a wrong checksum. And where Kafka's reader stops, so must this one, so that the same
 * lines come before.
 */
import { addInt64, type Int64, int64 } from './int64.ts';
import { decodeJavaUtf8 } from './java-utf8.ts';
import { incrementSequence } from './sequence.ts';

/** What the records of a batch count from. `appendTimeMs` is the one timestamp of all where the log's time counts. */
export type RecordBase = {
  readonly offset: Int64;
  readonly timestamp: Int64;
  readonly sequence: number;
  readonly appendTimeMs: Int64 | undefined;
};

/** A record that cannot be read. `at` is the place in the records' bytes. */
export class RecordFault extends Error {
  override readonly name = 'RecordFault';
  readonly at: number;
  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

/** Stands on one record after the other; nothing is allocated for a record but what is asked for. */
export class RecordCursor {
  offset: Int64 = -1;
  timestamp: Int64 = -1;
  sequence = -1;
  /** Where key and value are in `bytes`; a size of -1 where there is none. */
  keyAt = 0;
  keySize = -1;
  valueAt = 0;
  valueSize = -1;
  readonly bytes: Buffer;
  readonly #base: RecordBase;
  readonly #end: number;
  #at: number;
  #left: number;
  /** From where to where the keys of the headers are, two numbers for each. */
  #headerKeys: number[] = [];

  /** @param count how many records there are between `from` and `end` */
  constructor(bytes: Buffer, from: number, end: number, count: number, base: RecordBase) {
    this.bytes = bytes;
    this.#at = from;
    this.#end = end;
    this.#left = count;
    this.#base = base;
  }

  get key(): Buffer | null {
    return this.keySize < 0 ? null : this.bytes.subarray(this.keyAt, this.keyAt + this.keySize);
  }

  get value(): Buffer | null {
    return this.valueSize < 0 ? null : this.bytes.subarray(this.valueAt, this.valueAt + this.valueSize);
  }

  headerKeys(): string[] {
    const keys: string[] = [];
    for (let i = 0; i < this.#headerKeys.length; i += 2) {
      keys.push(decodeJavaUtf8(this.bytes, this.#headerKeys[i], this.#headerKeys[i + 1]));
    }
    return keys;
  }

  /** Goes to the next record; false after the last. Throws RecordFault. */
  next(): boolean {
    if (this.#left === 0) return false;
    if (this.#left < 0) throw new RecordFault(`${this.#left} records`, this.#at);
    this.#left--;
    this.#readRecord();
    // Kafka looks for this before it hands out the last record.
    if (this.#left === 0 && this.#at !== this.#end) {
      throw new RecordFault(`${this.#end - this.#at} bytes after the last record`, this.#at);
    }
    return true;
  }

  #readRecord(): void {
    const start = this.#at;
    const length = this.#varint();
    if (length > this.#end - this.#at) {
      throw new RecordFault(`a record of ${length} bytes where ${this.#end - this.#at} remain`, start);
    }
    const end = this.#at + length;
    this.#byte();
    const timestampDelta = this.#varlong();
    const offsetDelta = this.#varint();
    const { offset, timestamp, sequence, appendTimeMs } = this.#base;
    this.timestamp = appendTimeMs ?? addInt64(timestamp, timestampDelta);
    this.offset = addInt64(offset, offsetDelta);
    this.sequence = sequence < 0 ? -1 : incrementSequence(sequence, offsetDelta);
    this.keySize = this.#bytesSize();
    this.keyAt = this.#at - Math.max(this.keySize, 0);
    this.valueSize = this.#bytesSize();
    this.valueAt = this.#at - Math.max(this.valueSize, 0);
    this.#readHeaders();
    if (this.#at !== end)
      throw new RecordFault(`a record of ${length} bytes that fills ${this.#at - end + length}`, start);
  }

  #readHeaders(): void {
    const start = this.#at;
    const count = this.#varint();
    if (count < 0 || count > this.#end - this.#at) throw new RecordFault(`${count} headers`, start);
    this.#headerKeys.length = 0;
    for (let i = 0; i < count; i++) {
      const keySize = this.#bytesSize();
      if (keySize < 0) throw new RecordFault('a header without a key', this.#at);
      this.#headerKeys.push(this.#at - keySize, this.#at);
      this.#bytesSize();
    }
  }

  /** Moves over bytes with their size in front; -1 for none at all. */
  #bytesSize(): number {
    const start = this.#at;
    const size = this.#varint();
    if (size < 0) return -1;
    if (size > this.#end - this.#at) {
      throw new RecordFault(`${size} bytes where ${this.#end - this.#at} remain`, start);
    }
    this.#at += size;
    return size;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new RecordFault('a record that ends too early', this.#at);
    return this.bytes[this.#at++] as number;
  }

  /** Zig-zag, of 32 bits; bits beyond these in a fifth byte do not count. */
  #varint(): number {
    const start = this.#at;
    let byte = this.#byte();
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (shift > 28) throw new RecordFault('an integer of more than 5 bytes', start);
      byte = this.#byte();
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** Zig-zag, of 64 bits. */
  #varlong(): Int64 {
    const start = this.#at;
    let byte = this.#byte();
    const sign = byte & 1;
    // Without the sign and halved, so that seven bytes are exact as a double.
    let half = (byte & 0x7e) / 2;
    for (let weight = 64; byte >= 0x80; weight *= 128) {
      if (this.#at - start === 7) return this.#longVarlong(start);
      byte = this.#byte();
      half += (byte & 0x7f) * weight;
    }
    return sign === 0 ? half : -half - 1;
  }

  #longVarlong(start: number): Int64 {
    this.#at = start;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift > 63n) throw new RecordFault('an integer of more than 10 bytes', start);
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const unsigned = BigInt.asUintN(64, value);
    return int64((unsigned >> 1n) ^ -(unsigned & 1n));
  }
}
