/**
 * Variable-length integers: base 128, low group first, the high bit of a byte set where another follows. "Varint" (32
 * bits) and "varlong" (64 bits) are zig-zag: 0, -1, 1, -2... become 0, 1, 2, 3... Records use these;
 * lengths of snappy blocks are unsigned ones.
 *
 * Readers take a cursor and move it on, so that nothing is allocated for a value. Writers take the position and return
 * the one after the value; the caller has made room with the `sizeOf` functions.
 */
import { KafkaError } from '@barnabas/model';

/** A reader's place: `at` is the next byte to read, and none is read from `end` on. */
export type ByteCursor = { readonly bytes: Buffer; at: number; end: number };

/** A varint that ends beyond its bytes, is longer than its type allows, or holds more than 2^53. */
export class VarintError extends KafkaError {
  readonly position: number;
  constructor(reason: string, position: number) {
    super('CORRUPT_MESSAGE', `varint at byte ${position} ${reason}`);
    this.position = position;
  }
}

const GROUP = 0x7f;
const MORE = 0x80;

/** One byte of the integer that began at `start`. */
const nextByte = (cursor: ByteCursor, start: number): number => {
  if (cursor.at >= cursor.end) throw new VarintError('goes on beyond the end', start);
  return cursor.bytes[cursor.at++] as number;
};

/** An unsigned varint: 0 to 2^32 - 1. Throws VarintError. */
export const readUnsignedVarint = (cursor: ByteCursor): number => {
  const start = cursor.at;
  let byte = nextByte(cursor, start);
  let value = byte & GROUP;
  for (let shift = 7; byte >= MORE; shift += 7) {
    byte = nextByte(cursor, start);
    if (shift === 28 && byte > 0x0f) throw new VarintError('has more than 32 bits', start);
    value |= (byte & GROUP) << shift;
  }
  return value >>> 0;
};

/** A zig-zag varint: an int32. Throws VarintError. */
export const readVarint = (cursor: ByteCursor): number => {
  const value = readUnsignedVarint(cursor);
  return (value >>> 1) ^ -(value & 1);
};

/** A zig-zag varlong: an int64 that must be a safe integer. Throws VarintError. */
export const readVarlong = (cursor: ByteCursor): number => {
  const start = cursor.at;
  let byte = nextByte(cursor, start);
  const isNegative = (byte & 1) !== 0;
  // What zig-zag doubled, gathered halved, so that it stays exact as a double.
  let magnitude = (byte & GROUP) >>> 1;
  let groups = 1;
  for (let weight = 64; byte >= MORE; weight *= 128) {
    byte = nextByte(cursor, start);
    if (++groups === 10 && byte > 1) throw new VarintError('has more than 64 bits', start);
    magnitude += (byte & GROUP) * weight;
  }
  const value = isNegative ? -magnitude - 1 : magnitude;
  if (!Number.isSafeInteger(value)) throw new VarintError('is beyond 2^53', start);
  return value;
};

/** Bytes that `value`, from 0 to 2^32 - 1, takes as an unsigned varint. */
export const sizeOfUnsignedVarint = (value: number): number => {
  const bits = 32 - Math.clz32(value);
  return bits === 0 ? 1 : Math.ceil(bits / 7);
};

const zigZag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
/** The magnitude of a safe integer as zig-zag sees it, before doubling. */
const halfZigZag = (value: number): number => (value < 0 ? -value - 1 : value);

/** Bytes that an int32 takes as a zig-zag varint. */
export const sizeOfVarint = (value: number): number => sizeOfUnsignedVarint(zigZag(value));

/** Bytes that a safe integer takes as a zig-zag varlong. */
export const sizeOfVarlong = (value: number): number => {
  let size = 1;
  for (let rest = Math.floor(halfZigZag(value) / 64); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
};

/** Writes a value from 0 to 2^32 - 1; returns the position after it. */
export const writeUnsignedVarint = (target: Uint8Array, value: number, at: number): number => {
  let next = at;
  let rest = value >>> 0;
  for (; rest >= MORE; rest >>>= 7) target[next++] = (rest & GROUP) | MORE;
  target[next++] = rest;
  return next;
};

/** Writes an int32; returns the position after it. */
export const writeVarint = (target: Uint8Array, value: number, at: number): number =>
  writeUnsignedVarint(target, zigZag(value), at);

/** Writes a safe integer; returns the position after it. */
export const writeVarlong = (target: Uint8Array, value: number, at: number): number => {
  const magnitude = halfZigZag(value);
  let next = at;
  let group = ((magnitude % 64) << 1) | (value < 0 ? 1 : 0);
  let rest = Math.floor(magnitude / 64);
  while (rest > 0) {
    target[next++] = group | MORE;
    group = rest % 128;
    rest = Math.floor(rest / 128);
  }
  target[next++] = group;
  return next;
};
