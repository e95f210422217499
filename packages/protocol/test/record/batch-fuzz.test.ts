import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress } from '../../src/compression/compression.ts';
import { DecompressionError } from '../../src/compression/decompression-error.ts';
import { buildBatch } from '../../src/record/batch-builder.ts';
import { checkBatch, tryCheckBatch } from '../../src/record/batch-check.ts';
import { BatchError } from '../../src/record/batch-errors.ts';
import { CODECS } from '../../src/record/batch-header.ts';
import { readRecords } from '../../src/record/batch-reader.ts';
import { batchesIn } from '../../src/record/batch-walker.ts';
import { checkProducedBatch } from '../../src/record/produced-batch-check.ts';
import { arbitraryBatch } from './arbitrary-batch.ts';

const LIMIT_BYTES = 1024 * 1024;

/** What `parse` returns, or undefined where it refuses, which it may only do with an error of the type. */
const parsedOrRefused = <T>(parse: () => T, type: new (...args: never) => Error): T | undefined => {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(type);
    return undefined;
  }
};

const parseEverything = (bytes: Buffer): void => {
  const verdict = tryCheckBatch(bytes, 0);
  const sizeBytes = parsedOrRefused(() => checkBatch(bytes, 0), BatchError);
  expect(verdict.ok ? verdict.sizeBytes : undefined).toBe(sizeBytes);
  parsedOrRefused(() => checkProducedBatch(bytes, 0), BatchError);
  parsedOrRefused(() => readRecords(bytes, 0, LIMIT_BYTES), BatchError);
  parsedOrRefused(() => Array.from(batchesIn(bytes)), BatchError);
};

/** Bytes that begin as a batch does, so that more than the length and the magic is put to the test. */
const framed = fc.tuple(fc.uint8Array({ minLength: 61, maxLength: 400 }), fc.nat(4)).map(([array, codec]) => {
  const bytes = Buffer.from(array);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt8(2, 16);
  bytes.writeInt16BE(codec, 21);
  bytes.writeInt32BE((bytes[60] ?? 0) % 30, 57);
  return bytes;
});

/** A valid batch with some of its bytes changed, and perhaps cut off. */
const mutated = fc
  .tuple(arbitraryBatch, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 }), fc.option(fc.nat()))
  .map(([input, changes, cut]) => {
    const bytes = buildBatch(input);
    for (const [place, value] of changes) bytes[12 + (place % (bytes.length - 12))] = value;
    return cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
  });

describe('the parsers of batches', () => {
  it('take or refuse any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (array) => parseEverything(Buffer.from(array))),
      { numRuns: 2000 },
    );
  });

  it('take or refuse any bytes in the frame of a batch', () => {
    fc.assert(fc.property(framed, parseEverything), { numRuns: 5000 });
  });

  it('take or refuse batches that were damaged', () => {
    fc.assert(fc.property(mutated, parseEverything), { numRuns: 3000 });
  });
});

describe.each(CODECS)('decompress %s', (codec) => {
  it('takes or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
        parsedOrRefused(() => decompress(codec, Buffer.from(array), LIMIT_BYTES), DecompressionError);
      }),
      { numRuns: 1000 },
    );
  });
});
