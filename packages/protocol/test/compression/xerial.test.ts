import { compressSync } from 'snappy';
import { describe, expect, it } from 'vitest';
import { compressXerial, decompressXerial } from '../../src/compression/xerial.ts';

const text = Buffer.from('to be or not to be, '.repeat(5000));

describe('compressXerial', () => {
  it('writes the header of snappy-java and blocks of 32 KiB', () => {
    const packed = compressXerial(text);
    expect(packed.toString('hex', 0, 16)).toBe('82534e4150505900' + '00000001' + '00000001');
    const declared: number[] = [];
    for (let at = 16; at < packed.length; at += 4 + packed.readInt32BE(at)) {
      const [a = 0, b = 0, c = 0] = packed.subarray(at + 4);
      declared.push(a < 128 ? a : (a & 127) + ((b & 127) << 7) + (b < 128 ? 0 : c << 14));
    }
    expect(declared).toEqual([32768, 32768, 32768, 100_000 - 3 * 32768]);
  });
});

describe('decompressXerial', () => {
  it('reads a raw block without any framing', () => {
    expect(decompressXerial(compressSync(text), text.length)).toEqual(text);
  });

  it('refuses a block length below zero or beyond the end', () => {
    for (const length of [-1, 2147483647]) {
      const packed = compressXerial(text);
      packed.writeInt32BE(length, 16);
      expect(() => decompressXerial(packed, text.length)).toThrow('a bad block length at byte 16');
    }
  });

  it('refuses a block that declares more than it can hold', () => {
    const block = Buffer.concat([Buffer.from('ffffffff07', 'hex'), Buffer.alloc(10)]);
    expect(() => decompressXerial(block, 2 ** 32)).toThrow('says it holds 2147483647');
  });
});
