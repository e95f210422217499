/**
 * LZ4 frames (lz4_Frame_format.md of the LZ4 project, version 1). All integers are little-endian.
 *
 *   magic 0x184d2204 | FLG | BD | content size uint64, if FLG says so | HC
 *   blocks: length uint32, high bit set if the block is stored as it is | the block | its xxHash-32, if FLG says so
 *   end mark: uint32 0 | xxHash-32 of the content, if FLG says so
 *
 *   FLG: bits 7-6 version (01), 5 blocks do not refer to each other, 4 block checksums, 3 content size, 2 content
 *        checksum, 0 dictionary id (refused)
 *   BD:  bits 6-4 largest block: 4 64 KB, 5 256 KB, 6 1 MB, 7 4 MB
 *   HC:  second byte of the xxHash-32 of FLG to content size
 *
 * Written as Kafka writes it: independent blocks of 64 KB, no checksum but that of the header. Kafka's reader refuses
 * blocks that refer to each other; this one takes everything but dictionaries, and frames one after the other.
 */
import { corrupt, tooLarge } from './decompression-error.ts';
import { decodeLz4Block, Lz4BlockError, type Lz4Output } from './lz4-block.ts';
import { lz4 } from './native-codecs.ts';
import { xxHash32 } from './xxhash32.ts';

const MAGIC = 0x184d2204;
const VERSION_1 = 0x40;
const VERSION_MASK = 0xc0;
const INDEPENDENT_BLOCKS = 0x20;
const BLOCK_CHECKSUMS = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const RESERVED_OR_DICTIONARY = 0x03;
const BLOCK_SIZE_64_KB = 4;
const BLOCK_SIZE_4_MB = 7;
const BLOCK_BYTES = 64 * 1024;
const STORED = 0x8000_0000;
/** The most that a byte of a block can make: a match that goes on by 255. */
const MAX_EXPANSION = 255;
/** The module puts the length of the input before the block. */
const NATIVE_PREFIX_BYTES = 4;

const headerChecksum = (bytes: Buffer, from: number, to: number): number => (xxHash32(bytes, from, to) >>> 8) & 0xff;

const frameHeader = (): Buffer => {
  const header = Buffer.alloc(7);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt8(VERSION_1 | INDEPENDENT_BLOCKS, 4);
  header.writeUInt8(BLOCK_SIZE_64_KB << 4, 5);
  header.writeUInt8(headerChecksum(header, 4, 6), 6);
  return header;
};
const HEADER = frameHeader();
const END_MARK = Buffer.alloc(4);

export const compressLz4 = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [HEADER];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const content = bytes.subarray(at, at + BLOCK_BYTES);
    const packed = lz4().compressSync(content).subarray(NATIVE_PREFIX_BYTES);
    const isSmaller = packed.length < content.length;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(isSmaller ? packed.length : content.length + STORED);
    parts.push(length, isSmaller ? packed : content);
  }
  parts.push(END_MARK);
  return Buffer.concat(parts);
};

type FrameHeader = {
  readonly flags: number;
  readonly maxBlockBytes: number;
  readonly contentBytes: bigint | undefined;
  /** Position after the header. */
  readonly endsAt: number;
};

const need = (bytes: Buffer, at: number, count: number): void => {
  if (bytes.length - at < count) throw corrupt('lz4', 'a frame that ends too early');
};
const readUInt32 = (bytes: Buffer, at: number): number => {
  need(bytes, at, 4);
  return bytes.readUInt32LE(at);
};

const readFrameHeader = (bytes: Buffer, at: number): FrameHeader => {
  if (readUInt32(bytes, at) !== MAGIC) throw corrupt('lz4', `no frame at byte ${at}`);
  need(bytes, at, HEADER.length);
  const flags = bytes.readUInt8(at + 4);
  const sizeCode = bytes.readUInt8(at + 5) >>> 4;
  if ((flags & VERSION_MASK) !== VERSION_1 || (flags & RESERVED_OR_DICTIONARY) !== 0) {
    throw corrupt('lz4', `frame flags ${flags} that are not supported`);
  }
  if (sizeCode < BLOCK_SIZE_64_KB || sizeCode > BLOCK_SIZE_4_MB) throw corrupt('lz4', `block size code ${sizeCode}`);
  const checksumAt = at + (flags & CONTENT_SIZE ? 14 : 6);
  need(bytes, checksumAt, 1);
  if (bytes.readUInt8(checksumAt) !== headerChecksum(bytes, at + 4, checksumAt)) {
    throw corrupt('lz4', 'a wrong checksum of the frame header');
  }
  return {
    flags,
    maxBlockBytes: 1 << (2 * sizeCode + 8),
    contentBytes: flags & CONTENT_SIZE ? bytes.readBigUInt64LE(at + 6) : undefined,
    endsAt: checksumAt + 1,
  };
};

/** Makes room for `count` more bytes, or for as many as the limit leaves. */
const reserve = (output: Lz4Output, count: number, limitBytes: number): void => {
  output.end = Math.min(output.at + count, limitBytes);
  if (output.end <= output.bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.min(Math.max(output.end, 2 * output.bytes.length), limitBytes));
  output.bytes.copy(larger, 0, 0, output.at);
  output.bytes = larger;
};

const decodeStored = (bytes: Buffer, at: number, length: number, output: Lz4Output, limitBytes: number): void => {
  if (length > limitBytes - output.at) throw tooLarge('lz4', limitBytes);
  reserve(output, length, limitBytes);
  bytes.copy(output.bytes, output.at, at, at + length);
  output.at += length;
};

const decodePacked = (
  bytes: Buffer,
  at: number,
  length: number,
  maxBlockBytes: number,
  output: Lz4Output,
  limitBytes: number,
): void => {
  reserve(output, Math.min(length * MAX_EXPANSION, maxBlockBytes), limitBytes);
  try {
    decodeLz4Block(bytes, at, at + length, output);
  } catch (cause) {
    if (!(cause instanceof Lz4BlockError)) throw cause;
    throw cause.isFull && output.end === limitBytes
      ? tooLarge('lz4', limitBytes)
      : corrupt('lz4', cause.message, cause);
  }
};

/** Decodes the blocks up to the end mark; returns the position after it. */
const decodeBlocks = (bytes: Buffer, header: FrameHeader, output: Lz4Output, limitBytes: number): number => {
  const contentFrom = output.at;
  let at = header.endsAt;
  for (let word = readUInt32(bytes, at); word !== 0; word = readUInt32(bytes, at)) {
    const length = word % STORED;
    at += 4;
    need(bytes, at, length);
    if (length > header.maxBlockBytes) throw corrupt('lz4', `a block of ${length} bytes`);
    if (word >= STORED) decodeStored(bytes, at, length, output, limitBytes);
    else {
      output.windowFrom = header.flags & INDEPENDENT_BLOCKS ? output.at : contentFrom;
      decodePacked(bytes, at, length, header.maxBlockBytes, output, limitBytes);
    }
    if (header.flags & BLOCK_CHECKSUMS && readUInt32(bytes, at + length) !== xxHash32(bytes, at, at + length)) {
      throw corrupt('lz4', 'a wrong checksum of a block');
    }
    at += length + (header.flags & BLOCK_CHECKSUMS ? 4 : 0);
  }
  return at + 4;
};

/** Decodes the frame at `at` onto `output`; returns the position after the frame. */
const decodeFrame = (bytes: Buffer, at: number, output: Lz4Output, limitBytes: number): number => {
  const contentFrom = output.at;
  const header = readFrameHeader(bytes, at);
  const end = decodeBlocks(bytes, header, output, limitBytes);
  if (header.contentBytes !== undefined && header.contentBytes !== BigInt(output.at - contentFrom)) {
    throw corrupt('lz4', `content of ${output.at - contentFrom} bytes where ${header.contentBytes} were announced`);
  }
  if (!(header.flags & CONTENT_CHECKSUM)) return end;
  if (readUInt32(bytes, end) !== xxHash32(output.bytes, contentFrom, output.at)) {
    throw corrupt('lz4', 'a wrong checksum of the content');
  }
  return end + 4;
};

/** Decodes all frames; throws DecompressionError. */
export const decompressLz4 = (bytes: Buffer, limitBytes: number): Buffer => {
  const output: Lz4Output = { bytes: Buffer.allocUnsafe(0), at: 0, end: 0, windowFrom: 0 };
  let at = 0;
  do at = decodeFrame(bytes, at, output, limitBytes);
  while (at < bytes.length);
  const decoded = output.bytes.subarray(0, output.at);
  // Records are views of this: a small batch should not hold on to a buffer made for the largest block.
  return 2 * decoded.length < output.bytes.length ? Buffer.from(decoded) : decoded;
};
