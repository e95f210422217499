/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of record batches. The native module computes it with the
 * processor's own instruction, but a call into it costs as much as the plain form takes for 250 bytes or so; and it may
 * not exist for a platform. So the plain form serves both short inputs and those platforms.
 */
import { createRequire } from 'node:module';

/** Below this the call costs more than the sum; measured on x64 with Node 26. */
const NATIVE_FROM_BYTES = 256;
const REVERSED_POLYNOMIAL = 0x82f63b78;

type Checksum = (bytes: Uint8Array) => number;

const loadNative = (): Checksum | undefined => {
  try {
    return (createRequire(import.meta.url)('@node-rs/crc32') as { crc32c: Checksum }).crc32c;
  } catch {
    return undefined;
  }
};

/** Entry `256 * k + b`: what byte `b` contributes once `k` more bytes have followed it. */
const buildTable = (): Int32Array => {
  const table = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ REVERSED_POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const before = table[i - 256] as number;
    table[i] = (before >>> 8) ^ (table[before & 0xff] as number);
  }
  return table;
};

const native = loadNative();
const TABLE = buildTable();
const contribution = (byte: number, bytesAfter: number): number => TABLE[256 * bytesAfter + (byte & 0xff)] as number;

/** The same sum in plain JavaScript, eight bytes at a time ("slicing by 8"). */
export const crc32cPure = (bytes: Uint8Array, from = 0, to = bytes.length): number => {
  const byteAt = (at: number): number => bytes[at] as number;
  let crc = -1;
  let at = from;
  for (; at + 8 <= to; at += 8) {
    const mixed = crc ^ (byteAt(at) | (byteAt(at + 1) << 8) | (byteAt(at + 2) << 16) | (byteAt(at + 3) << 24));
    crc =
      contribution(mixed, 7) ^
      contribution(mixed >>> 8, 6) ^
      contribution(mixed >>> 16, 5) ^
      contribution(mixed >>> 24, 4) ^
      contribution(byteAt(at + 4), 3) ^
      contribution(byteAt(at + 5), 2) ^
      contribution(byteAt(at + 6), 1) ^
      contribution(byteAt(at + 7), 0);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ contribution(crc ^ byteAt(at), 0);
  return ~crc >>> 0;
};

/** CRC-32C of `bytes` from `from` up to, but without, `to`: an unsigned 32-bit number. */
export const crc32c = (bytes: Uint8Array, from = 0, to = bytes.length): number =>
  native === undefined || to - from < NATIVE_FROM_BYTES
    ? crc32cPure(bytes, from, to)
    : native(bytes.subarray(from, to));
