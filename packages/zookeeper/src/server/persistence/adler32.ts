const MODULUS = 65521;

/** As many bytes as can be added up before a sum could leave 31 bits, in which the engine counts fastest. */
const BYTES_PER_ROUND = 3800;

/** The Adler-32 of no bytes. */
export const ADLER32_OF_NOTHING = 1;

/**
 * Adler-32 (RFC 1950), as an unsigned 32-bit number, of `bytes` behind others whose checksum is `before`. ZooKeeper
 * calls it a CRC, which it is not.
 */
export function adler32(bytes: Uint8Array, before = ADLER32_OF_NOTHING): number {
  let low = before & 0xffff;
  let high = before >>> 16;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + BYTES_PER_ROUND, bytes.length);
    for (; at < end; at++) {
      low += bytes[at] ?? 0;
      high += low;
    }
    low %= MODULUS;
    high %= MODULUS;
  }
  return high * 0x1_0000 + low;
}
