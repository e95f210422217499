const INITIAL_BYTES = 512;

const uvarintBytes = (value: number): number => {
  let size = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) size++;
  return size;
};

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Writes big-endian values one after the other into one buffer that grows. The caller has checked the ranges. */
export class ByteWriter {
  position = 0;
  private bytes: Buffer;
  private view: DataView;

  constructor(initialBytes = INITIAL_BYTES) {
    this.bytes = Buffer.allocUnsafe(initialBytes);
    this.view = viewOf(this.bytes);
  }

  /** What was written so far: a view, valid until more is written. */
  written(): Buffer {
    return this.bytes.subarray(0, this.position);
  }

  /** Makes room for `size` bytes, moves over them and answers where they begin. */
  private reserve(size: number): number {
    const at = this.position;
    const end = at + size;
    if (end > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(end, this.bytes.length * 2));
      this.bytes.copy(grown, 0, 0, at);
      this.bytes = grown;
      this.view = viewOf(grown);
    }
    this.position = end;
    return at;
  }

  int8(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }
  int16(value: number): void {
    const at = this.reserve(2);
    this.view.setInt16(at, value);
  }
  uint16(value: number): void {
    const at = this.reserve(2);
    this.view.setUint16(at, value);
  }
  int32(value: number): void {
    const at = this.reserve(4);
    this.view.setInt32(at, value);
  }
  uint32(value: number): void {
    const at = this.reserve(4);
    this.view.setUint32(at, value);
  }
  int64(value: bigint): void {
    const at = this.reserve(8);
    this.view.setBigInt64(at, value);
  }
  float64(value: number): void {
    const at = this.reserve(8);
    this.view.setFloat64(at, value);
  }

  /** An unsigned 32-bit value, seven bits in each byte, the lowest first. */
  uvarint(value: number): void {
    let at = this.reserve(uvarintBytes(value));
    let rest = value >>> 0;
    for (; rest >= 0x80; rest >>>= 7) this.bytes[at++] = (rest & 0x7f) | 0x80;
    this.bytes[at] = rest;
  }

  utf8(value: string, sizeBytes: number): void {
    const at = this.reserve(sizeBytes);
    this.bytes.write(value, at, sizeBytes, 'utf8');
  }

  raw(value: Uint8Array): void {
    const at = this.reserve(value.length);
    this.bytes.set(value, at);
  }

  /** 22 characters of base64url become 16 bytes. */
  uuid(value: string): void {
    const at = this.reserve(16);
    this.bytes.write(value, at, 16, 'base64url');
  }

  /** Bytes of what was written since the position was `from`. */
  protected sizeSince(from: number): number {
    return this.position - from;
  }

  /** Puts the size of what was written since `from`, as an unsigned varint, in front of it. */
  prefixSize(from: number): void {
    const sizeBytes = this.sizeSince(from);
    const prefixBytes = uvarintBytes(sizeBytes);
    const end = this.reserve(prefixBytes);
    this.bytes.copyWithin(from + prefixBytes, from, end);
    this.position = from;
    this.uvarint(sizeBytes);
    this.position = end + prefixBytes;
  }
}
