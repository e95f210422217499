import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { crc32c, crc32cPure } from '../../src/record/crc32c.ts';
import { readGolden } from './golden-batches.ts';

const vectors: readonly { hex: string; crc32c: number }[] = JSON.parse(readGolden('client/crc32c.json'));

afterEach(() => {
  vi.doUnmock('node:module');
  vi.resetModules();
});

describe('crc32c', () => {
  it('gives what Kafka computes for the same bytes', () => {
    expect(vectors.length).toBeGreaterThan(50);
    for (const vector of vectors) {
      const bytes = Buffer.from(vector.hex, 'hex');
      expect({ hex: vector.hex, crc32c: crc32c(bytes) }).toEqual(vector);
      expect({ hex: vector.hex, crc32c: crc32cPure(bytes) }).toEqual(vector);
    }
  });

  it('agrees with its plain form for every length around the one where it changes over', () => {
    const bytes = randomBytes(600);
    for (let length = 0; length <= bytes.length; length++) {
      expect(crc32c(bytes, 0, length)).toBe(crc32cPure(bytes, 0, length));
    }
  });

  it('covers the asked part only', () => {
    const bytes = randomBytes(2000);
    for (const [from, to] of [
      [3, 3],
      [5, 100],
      [21, 1999],
    ] as const) {
      expect(crc32c(bytes, from, to)).toBe(crc32c(Buffer.from(bytes.subarray(from, to))));
    }
  });

  it('is computed all the same where the native module does not load', async () => {
    vi.resetModules();
    const refuse = vi.fn(() => {
      throw new Error('no such module');
    });
    vi.doMock('node:module', () => ({ createRequire: () => refuse }));
    const fallback = await import('../../src/record/crc32c.ts');
    const bytes = randomBytes(5000);
    expect(refuse).toHaveBeenCalledOnce();
    expect(fallback.crc32c(bytes)).toBe(crc32c(bytes));
  });
});
