import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, decompress } from '../../src/compression/compression.ts';
import { DecompressionError } from '../../src/compression/decompression-error.ts';
import { CODECS } from '../../src/record/batch-header.ts';

const text = (sizeBytes: number): Buffer => {
  const lines = Array.from({ length: Math.ceil(sizeBytes / 12) }, (_, i) => `line ${(i * 7919) % 10007}\n`);
  return Buffer.from(lines.join('').padEnd(sizeBytes, '.')).subarray(0, sizeBytes);
};
const noise = (sizeBytes: number): Buffer => {
  const bytes = Buffer.alloc(sizeBytes);
  for (let i = 0, state = 1; i < sizeBytes; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
};

describe.each(CODECS)('%s', (codec) => {
  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (array) => {
        const bytes = Buffer.from(array);
        expect(decompress(codec, compress(codec, bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  it.each([0, 1, 32767, 32768, 32769, 65535, 65536, 65537, 1_000_000])('gives back %d bytes of text', (size) => {
    expect(decompress(codec, compress(codec, text(size)), size).equals(text(size))).toBe(true);
  });

  it('gives back bytes that do not compress', () => {
    const bytes = noise(200_000);
    const packed = compress(codec, bytes);
    expect(packed.length).toBeLessThan(bytes.length * 1.01);
    expect(decompress(codec, packed, bytes.length).equals(bytes)).toBe(true);
  });

  it('stops one byte before the end where the limit says so', () => {
    const packed = compress(codec, text(100_000));
    const refusal = expect.objectContaining({ error: 'MESSAGE_TOO_LARGE', codec });
    expect(() => decompress(codec, packed, 99_999)).toThrow(refusal);
    expect(() => decompress(codec, packed, 0)).toThrow(refusal);
  });
});

describe.each(CODECS.filter((codec) => codec !== 'none'))('%s', (codec) => {
  it('makes text smaller', () => {
    expect(compress(codec, text(100_000)).length).toBeLessThan(70_000);
  });

  it('gives back streams that follow upon one another as one', () => {
    const parts = [text(40_000), noise(70_000), text(10)];
    const packed = Buffer.concat(parts.map((part) => compress(codec, part)));
    expect(decompress(codec, packed, 200_000).equals(Buffer.concat(parts))).toBe(true);
  });

  it('refuses a stream that is cut off anywhere but between blocks', () => {
    const packed = compress(codec, text(1000));
    for (let end = codec === 'snappy' ? 17 : 0; end < packed.length; end++) {
      expect(() => decompress(codec, packed.subarray(0, end), 10_000)).toThrow(DecompressionError);
    }
  });

  it('refuses bytes that are no stream', () => {
    expect(() => decompress(codec, Buffer.from('\xff\xff\xff plainly no stream'), 1000)).toThrow(
      expect.objectContaining({ error: 'CORRUPT_MESSAGE', codec }),
    );
  });
});

describe('compress', () => {
  it.each([
    ['gzip', 1, 9],
    ['zstd', -5, 19],
  ] as const)('takes %s levels from %d to %d', (codec, least, most) => {
    const bytes = text(200_000);
    expect(compress(codec, bytes, most).length).toBeLessThan(compress(codec, bytes, least).length);
  });
});
