import { FieldFault } from './message-errors.ts';

const MAX_UVARINT_BYTES = 5;

/**
 * Reads big-endian values one after the other and throws a `FieldFault` instead of passing the end.
 * Strings are copied out; byte fields are views of the same memory.
 */
export class ByteReader {
  readonly bytes: Buffer;
  readonly end: number;
  position: number;
  private readonly view: DataView;
  private elementsLeft = Number.POSITIVE_INFINITY;

  constructor(bytes: Buffer, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.position = position;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /**
   * No more elements of arrays than that are read from now on, those of arrays within arrays counted: a few bytes may hold an element that
   * takes a hundred in memory, and all of them are read at one go.
   */
  limitElements(to: number): void {
    this.elementsLeft = to;
  }

  /** That many elements follow. */
  takeElements(count: number): void {
    if (count > this.elementsLeft) this.fail(`${count} more elements, where ${this.elementsLeft} are allowed`);
    this.elementsLeft -= count;
  }

  fail(reason: string, position = this.position): never {
    throw new FieldFault(reason, position);
  }

  /** Moves over `size` bytes and answers where they begin. */
  private take(size: number): number {
    const at = this.position;
    if (size > this.end - at) this.fail(`${size} bytes are needed, ${this.end - at} are left`);
    this.position = at + size;
    return at;
  }

  int8(): number {
    return this.view.getInt8(this.take(1));
  }
  uint8(): number {
    return this.view.getUint8(this.take(1));
  }
  int16(): number {
    return this.view.getInt16(this.take(2));
  }
  uint16(): number {
    return this.view.getUint16(this.take(2));
  }
  int32(): number {
    return this.view.getInt32(this.take(4));
  }
  uint32(): number {
    return this.view.getUint32(this.take(4));
  }
  int64(): bigint {
    return this.view.getBigInt64(this.take(8));
  }
  float64(): number {
    return this.view.getFloat64(this.take(8));
  }

  /** An unsigned varint of 32 bits: seven bits in each byte, the lowest first. */
  uvarint(): number {
    const from = this.position;
    let value = 0;
    for (let index = 0; index < MAX_UVARINT_BYTES; index++) {
      const byte = this.uint8();
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    return this.fail('a varint of more than 32 bits', from);
  }

  /** Invalid UTF-8 comes out as U+FFFD. */
  utf8(sizeBytes: number): string {
    const at = this.take(sizeBytes);
    return this.bytes.toString('utf8', at, at + sizeBytes);
  }

  slice(sizeBytes: number): Buffer {
    const at = this.take(sizeBytes);
    return this.bytes.subarray(at, at + sizeBytes);
  }

  /** 16 bytes as Kafka writes a uuid in text: base64 with `-` and `_`, without padding. */
  uuid(): string {
    const at = this.take(16);
    return this.bytes.toString('base64url', at, at + 16);
  }
}
