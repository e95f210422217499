import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compress, decompress } from '../../src/compression/compression.ts';

const MB = 1024 * 1024;
const LIMIT_BYTES = 16 * MB;
/** Twice the limit while the output grows, as much for what the allocator keeps, and the input. */
const ALLOWED_BYTES = 96 * MB;

const repeat = (part: Buffer, times: number): Buffer => Buffer.concat(Array.from({ length: times }, () => part));
const zeros = Buffer.alloc(16 * MB);

/** Each of these would make 1 GB. */
const bombs = {
  gzip: repeat(gzipSync(zeros), 64),
  zstd: repeat(zstdCompressSync(zeros), 64),
  lz4: repeat(compress('lz4', zeros), 64),
  snappy: repeat(compress('snappy', zeros), 64),
};

const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;

describe('a decompression bomb', () => {
  it.each(['gzip', 'zstd', 'lz4', 'snappy'] as const)('of %s is stopped at the limit', (codec) => {
    const before = peakBytes();
    expect(() => decompress(codec, bombs[codec], LIMIT_BYTES)).toThrow(
      expect.objectContaining({ error: 'MESSAGE_TOO_LARGE', codec }),
    );
    expect(peakBytes() - before).toBeLessThan(ALLOWED_BYTES);
  });

  it('of snappy is refused for what it declares, before memory is taken', () => {
    const declares4Gb = Buffer.from('ffffffff0f00000000', 'hex');
    const before = peakBytes();
    expect(() => decompress('snappy', declares4Gb, 2 ** 33)).toThrow(
      expect.objectContaining({ error: 'CORRUPT_MESSAGE' }),
    );
    expect(peakBytes() - before).toBeLessThan(ALLOWED_BYTES);
  });
});
