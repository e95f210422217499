/**
 * Numbers of 64 bits as a dump shows them: exactly, also where they are none that a log of ours would take, such as
 * timestamps in nanoseconds. A number between -2^53 and 2^53, a bigint beyond, never the one for the other: so `===`
 * compares, and so do `<` and `>`.
 */
export type Int64 = number | bigint;

const LIMIT = 2 ** 53;

const isNumber = (value: number): boolean => value > -LIMIT && value < LIMIT;

/** The lower 64 bits of `value`, as a signed number. */
export const int64 = (value: bigint): Int64 => {
  const wrapped = BigInt.asIntN(64, value);
  const number = Number(wrapped);
  return isNumber(number) ? number : wrapped;
};

export const int64At = (bytes: Buffer, at: number): Int64 => {
  const number = bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
  return isNumber(number) ? number : bytes.readBigInt64BE(at);
};

/** The sum as Java counts, which begins anew at the other end. */
export const addInt64 = (a: Int64, b: Int64): Int64 => {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (isNumber(sum)) return sum;
  }
  return int64(BigInt(a) + BigInt(b));
};
