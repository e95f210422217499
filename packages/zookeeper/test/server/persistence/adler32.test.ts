import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adler32 } from '../../../src/server/persistence/adler32.ts';

describe('adler32', () => {
  it('knows what is known', () => {
    expect(adler32(Buffer.alloc(0))).toBe(1);
    expect(adler32(Buffer.from('Wikipedia'))).toBe(0x11e60398);
  });

  it('agrees with zlib, which ends its streams with it', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ minLength: 3700, maxLength: 12_000 }));
    fc.assert(
      fc.property(bytes, (content) => {
        expect(adler32(content)).toBe(deflateSync(content).readUInt32BE(deflateSync(content).length - 4));
      }),
    );
  });

  it('does not overflow on the greatest bytes', () => {
    const bytes = Buffer.alloc(1_000_003, 0xff);
    const stream = deflateSync(bytes);
    expect(adler32(bytes)).toBe(stream.readUInt32BE(stream.length - 4));
  });

  it('goes on where it stopped', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (one, other) => {
        expect(adler32(other, adler32(one))).toBe(adler32(Buffer.concat([one, other])));
      }),
    );
  });
});
