import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addInt64, int64, int64At } from '../../src/dump-log/int64.ts';

const anyInt64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const nearLimit = fc.bigInt({ min: -40n, max: 40n }).map((near) => (near < 0n ? -(2n ** 53n) : 2n ** 53n) + near);
const values = fc.oneof(anyInt64, nearLimit, fc.bigInt({ min: -1000n, max: 1000n }));

const bytesOf = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

describe('an Int64', () => {
  it('is read to the last digit', () => {
    fc.assert(fc.property(values, (value) => String(int64At(bytesOf(value), 0)) === String(value)));
  });

  it('has one form for each value, so that === compares', () => {
    fc.assert(fc.property(values, (value) => int64At(bytesOf(value), 0) === int64(value)));
  });

  it('adds up as in Java, beyond the last to the first', () => {
    fc.assert(fc.property(values, values, (a, b) => addInt64(int64(a), int64(b)) === int64(BigInt.asIntN(64, a + b))));
    expect(addInt64(int64(2n ** 63n - 1n), 1)).toBe(-(2n ** 63n));
  });
});
