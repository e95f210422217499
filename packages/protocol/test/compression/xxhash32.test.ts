import { describe, expect, it } from 'vitest';
import { xxHash32 } from '../../src/compression/xxhash32.ts';

describe('xxHash32', () => {
  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('hashes %j to the known value', (text, hash) => {
    expect(xxHash32(Buffer.from(text))).toBe(hash);
  });

  it('covers the asked part only', () => {
    const bytes = Buffer.from('..Nobody inspects the spammish repetition...');
    expect(xxHash32(bytes, 2, bytes.length - 3)).toBe(0xe2293b2f);
  });
});
