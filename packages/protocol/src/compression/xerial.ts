/**
 * Snappy as snappy-java frames it ("xerial"), which is what Kafka means by snappy:
 *
 *   0 magic 0x82 'SNAPPY' 0x00 | 8 version int32 (1) | 12 least version that can read it int32 (1)
 *   then until the end: length int32, big-endian | a raw snappy block of that length
 *
 * Blocks hold 32 KiB each. A stream may follow upon another, header and all. Readers also take one raw block without
 * any of this, as some producers write it. A raw block begins with the length of what it decodes to, as an unsigned
 * varint.
 */
import { type ByteCursor, readUnsignedVarint, VarintError } from '../record/varint.ts';
import { corrupt, tooLarge } from './decompression-error.ts';
import { snappy } from './native-codecs.ts';

const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const HEADER = Buffer.concat([MAGIC, Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])]);
const BLOCK_BYTES = 32 * 1024;
/** The densest element of a block makes 64 bytes out of 3: a length beyond this is a lie. */
const MAX_EXPANSION = 22;
/** Without it the module hands out memory of its own, which costs the garbage collector several times the decoding. */
const NATIVE_OPTIONS = { copyOutputData: true };

export const compressXerial = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [HEADER];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    const block = snappy().compressSync(bytes.subarray(at, at + BLOCK_BYTES), NATIVE_OPTIONS);
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
};

const declaredBytes = (block: Buffer): number => {
  const cursor: ByteCursor = { bytes: block, at: 0, end: block.length };
  try {
    return readUnsignedVarint(cursor);
  } catch (cause) {
    if (cause instanceof VarintError) throw corrupt('snappy', 'a block without its length', cause);
    throw cause;
  }
};

const decodeBlock = (block: Buffer, limitBytes: number, decodedBytes: number): Buffer => {
  const declared = declaredBytes(block);
  if (declared > block.length * MAX_EXPANSION) {
    throw corrupt('snappy', `a block of ${block.length} bytes that says it holds ${declared}`);
  }
  if (decodedBytes + declared > limitBytes) throw tooLarge('snappy', limitBytes);
  const { uncompressSync } = snappy();
  try {
    return uncompressSync(block, { ...NATIVE_OPTIONS, asBuffer: true }) as Buffer;
  } catch (cause) {
    throw corrupt('snappy', cause instanceof Error ? cause.message : String(cause), cause);
  }
};

const startsWithMagic = (bytes: Buffer, at: number): boolean =>
  bytes.length - at >= HEADER.length && bytes.compare(MAGIC, 0, MAGIC.length, at, at + MAGIC.length) === 0;

export const decompressXerial = (bytes: Buffer, limitBytes: number): Buffer => {
  if (!startsWithMagic(bytes, 0)) return decodeBlock(bytes, limitBytes, 0);
  const parts: Buffer[] = [];
  let decodedBytes = 0;
  for (let at = 0; at < bytes.length; ) {
    if (startsWithMagic(bytes, at)) {
      at += HEADER.length;
      continue;
    }
    const length = bytes.length - at < 4 ? -1 : bytes.readInt32BE(at);
    if (length < 0 || length > bytes.length - at - 4) throw corrupt('snappy', `a bad block length at byte ${at}`);
    const block = decodeBlock(bytes.subarray(at + 4, at + 4 + length), limitBytes, decodedBytes);
    decodedBytes += block.length;
    parts.push(block);
    at += 4 + length;
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, decodedBytes);
};
