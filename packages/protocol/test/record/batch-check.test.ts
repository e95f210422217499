import { leaderEpoch, offset, producerId } from '@barnabas/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildBatch } from '../../src/record/batch-builder.ts';
import { checkBatch, tryCheckBatch } from '../../src/record/batch-check.ts';
import { sealBatch } from '../../src/record/batch-crc.ts';
import { BatchError, CorruptBatchError } from '../../src/record/batch-errors.ts';
import { stampBatch, writeInt64 } from '../../src/record/batch-header.ts';
import { arbitraryBatch } from './arbitrary-batch.ts';

const sample = (): Buffer =>
  buildBatch({
    baseOffset: offset(7),
    producerId: producerId(3),
    producerEpoch: 0,
    baseSequence: 5,
    records: [{ timestamp: 1_700_000_000_000, key: Buffer.from('k'), value: Buffer.from('v'.repeat(30)) }],
  });

/** A sample with one change made by its writer: the checksum is right. */
const written = (change: (bytes: Buffer) => void): Buffer => {
  const bytes = sample();
  change(bytes);
  sealBatch(bytes);
  return bytes;
};

/** Gives the batch a base offset that is still allowed and `lastOffset` after it. */
const endAt = (bytes: Buffer, lastOffset: number): void => {
  writeInt64(bytes, lastOffset - 1, 0);
  bytes.writeInt32BE(1, 23);
};

describe('checkBatch', () => {
  it('returns the size of a sound batch wherever it lies', () => {
    const batch = sample();
    const bytes = Buffer.concat([Buffer.alloc(9), batch, Buffer.alloc(5)]);
    expect(checkBatch(bytes, 9)).toBe(batch.length);
    expect(checkBatch(bytes, 9, 9 + batch.length)).toBe(batch.length);
  });

  it('refuses every flipped bit from the magic on, and lets the leader stamp what is before it', () => {
    fc.assert(
      fc.property(arbitraryBatch, fc.nat(), (input, seed) => {
        const bytes = buildBatch(input);
        stampBatch(bytes, 0, offset(12), leaderEpoch(4));
        expect(checkBatch(bytes, 0)).toBe(bytes.length);
        const bit = 16 * 8 + (seed % ((bytes.length - 16) * 8));
        bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => checkBatch(bytes, 0)).toThrow(BatchError);
      }),
    );
  });

  it('refuses every single flipped bit of one batch, the length included', () => {
    for (let bit = 8 * 8; bit < sample().length * 8; bit++) {
      const isLeaderEpoch = bit >= 12 * 8 && bit < 16 * 8;
      const bytes = sample();
      bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      const verdict = tryCheckBatch(Buffer.concat([bytes, Buffer.alloc(1000)]), 0);
      expect({ bit, ok: verdict.ok }).toEqual({ bit, ok: isLeaderEpoch });
    }
  });

  it.each<[string, (bytes: Buffer) => void, string]>([
    ['a codec that there is not', (b) => b.writeInt16BE(5, 21), 'UNSUPPORTED_COMPRESSION_TYPE'],
    ['a negative last offset delta', (b) => b.writeInt32BE(-1, 23), 'CORRUPT_MESSAGE'],
    ['a negative count of records', (b) => b.writeInt32BE(-1, 57), 'CORRUPT_MESSAGE'],
    ['a negative base offset', (b) => writeInt64(b, -1, 0), 'CORRUPT_MESSAGE'],
    ['a base offset of 2^53', (b) => writeInt64(b, 2 ** 53, 0), 'CORRUPT_MESSAGE'],
    ['a last offset of 2^53', (b) => endAt(b, 2 ** 53), 'CORRUPT_MESSAGE'],
    ['a base timestamp of 2^53', (b) => writeInt64(b, 2 ** 53, 27), 'INVALID_TIMESTAMP'],
    ['a largest timestamp of -2^53', (b) => writeInt64(b, -(2 ** 53), 35), 'INVALID_TIMESTAMP'],
    ['a producer id of -2', (b) => writeInt64(b, -2, 43), 'CORRUPT_MESSAGE'],
    ['a producer id of 2^53', (b) => writeInt64(b, 2 ** 53, 43), 'CORRUPT_MESSAGE'],
    ['a producer epoch of -2', (b) => b.writeInt16BE(-2, 51), 'CORRUPT_MESSAGE'],
    ['a base sequence of -2', (b) => b.writeInt32BE(-2, 53), 'CORRUPT_MESSAGE'],
    ['message format 1', (b) => b.writeInt8(1, 16), 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
    ['message format 3', (b) => b.writeInt8(3, 16), 'CORRUPT_MESSAGE'],
  ])('refuses %s under a right checksum', (_, change, error) => {
    const bytes = Buffer.concat([Buffer.alloc(4), written(change)]);
    expect(() => checkBatch(bytes, 4)).toThrow(expect.objectContaining({ error, position: 4 }));
    expect(tryCheckBatch(bytes, 4)).toMatchObject({ ok: false, incomplete: false });
  });

  it('names the position and the reason', () => {
    const bytes = sample();
    bytes[70] = (bytes[70] ?? 0) ^ 1;
    expect(() => checkBatch(bytes, 0)).toThrow(CorruptBatchError);
    expect(() => checkBatch(bytes, 0)).toThrow(/byte 0: checksum \d+, but the bytes give \d+/);
  });
});

describe('tryCheckBatch', () => {
  it('calls each beginning of a sound batch incomplete', () => {
    const bytes = sample();
    for (let end = 0; end < bytes.length; end++) {
      expect({ end, ...tryCheckBatch(bytes, 0, end) }).toMatchObject({ end, ok: false, incomplete: true });
    }
    expect(tryCheckBatch(bytes, 0)).toEqual({ ok: true, sizeBytes: bytes.length });
  });

  it('calls zeros after the last batch no incomplete one', () => {
    expect(tryCheckBatch(Buffer.alloc(4096), 0)).toMatchObject({ ok: false, incomplete: false });
  });

  it.each([-2147483648, -1, 0, 48])('calls a batch length of %d a lie', (length) => {
    const bytes = sample();
    bytes.writeInt32BE(length, 8);
    expect(tryCheckBatch(bytes, 0)).toMatchObject({ ok: false, incomplete: false });
  });
});
