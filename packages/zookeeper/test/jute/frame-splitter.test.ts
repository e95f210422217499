import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSplitter } from '../../src/jute/frame-splitter.ts';
import { MalformedJuteError } from '../../src/jute/malformed-jute-error.ts';

const MAX_BYTES = 64 * 1024;

/** A frame of `sizeBytes` bytes, with its length, that no other size looks like. */
function frameOf(sizeBytes: number): Buffer {
  const frame = Buffer.alloc(4 + sizeBytes, sizeBytes % 251);
  frame.writeInt32BE(sizeBytes, 0);
  return frame;
}

function lengthOf(sizeBytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(sizeBytes, 0);
  return length;
}

/** `bytes` cut after each of `sizes` in turn, which start over at their end. */
function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizes[chunks.length % sizes.length] ?? bytes.length;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('a FrameSplitter', () => {
  it('gives the same frames however the bytes are cut', () => {
    const frameSizes = fc.array(fc.oneof(fc.nat(20), fc.nat(10_000)), { maxLength: 20 });
    const chunkSizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 9_000 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(frameSizes, chunkSizes, (sizes, cuts) => {
        const frames = sizes.map(frameOf);
        const splitter = new FrameSplitter(MAX_BYTES);
        const found = chunksOf(Buffer.concat(frames), cuts).flatMap((chunk) => [...splitter.push(chunk)]);
        expect(found).toStrictEqual(frames.map((frame) => frame.subarray(4)));
      }),
    );
  });

  it('copies nothing of a frame that lies in one chunk', () => {
    const chunk = Buffer.concat([frameOf(5), frameOf(0), frameOf(7)]);
    const frames = [...new FrameSplitter(MAX_BYTES).push(chunk)];
    expect(frames.map((frame) => frame.length)).toEqual([5, 0, 7]);
    for (const frame of frames) expect(frame.buffer).toBe(chunk.buffer);
  });

  it('copies nothing of a frame whose length came in the chunk before', () => {
    const splitter = new FrameSplitter(MAX_BYTES);
    expect([...splitter.push(lengthOf(5))]).toEqual([]);
    const chunk = frameOf(5).subarray(4);
    expect([...splitter.push(chunk)][0]?.buffer).toBe(chunk.buffer);
  });

  it('leaves a frame alone once it was given out', () => {
    const splitter = new FrameSplitter(MAX_BYTES);
    const chunks = chunksOf(Buffer.concat([frameOf(100), frameOf(101)]), [60]);
    const [first] = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
    expect(first).toStrictEqual(frameOf(100).subarray(4));
  });

  it.each([-1, -0x80000000, MAX_BYTES + 1, 0x7fffffff])('refuses a length of %i before its bytes come', (length) => {
    const splitter = new FrameSplitter(MAX_BYTES);
    expect(() => [...splitter.push(lengthOf(length))]).toThrow(MalformedJuteError);
  });

  it('takes a frame of just the limit', () => {
    expect([...new FrameSplitter(MAX_BYTES).push(frameOf(MAX_BYTES))]).toHaveLength(1);
  });

  it('gives the frames before a bad length', () => {
    const frames: Buffer[] = [];
    const push = (): void => {
      const splitter = new FrameSplitter(MAX_BYTES);
      for (const frame of splitter.push(Buffer.concat([frameOf(3), frameOf(4), lengthOf(-2)]))) frames.push(frame);
    };
    expect(push).toThrow(MalformedJuteError);
    expect(frames.map((frame) => frame.length)).toEqual([3, 4]);
  });

  it('takes no memory for bytes that were only announced', () => {
    const before = process.memoryUsage().arrayBuffers;
    const splitters = Array.from({ length: 100 }, () => new FrameSplitter(0x7fffffff));
    for (const splitter of splitters)
      Array.from(splitter.push(Buffer.concat([lengthOf(0x7fffffff), Buffer.alloc(10)])));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
    expect(splitters).toHaveLength(100);
  });

  it('puts a large frame together from single bytes without copying it over and over', () => {
    const sizeBytes = 1_000_000;
    const frame = frameOf(sizeBytes);
    const splitter = new FrameSplitter(sizeBytes);
    const copied = countCopiedBytes(() => {
      const found = chunksOf(frame, [1]).flatMap((chunk) => [...splitter.push(chunk)]);
      expect(found).toStrictEqual([frame.subarray(4)]);
    });
    expect(copied).toBeGreaterThanOrEqual(sizeBytes);
    expect(copied).toBeLessThan(3 * sizeBytes);
  });
});

/** Bytes that `Buffer.copy` moves while `run` runs. */
function countCopiedBytes(run: () => void): number {
  const { copy } = Buffer.prototype;
  let copiedBytes = 0;
  Buffer.prototype.copy = function (this: Buffer, ...args: Parameters<Buffer['copy']>): number {
    const bytes = copy.apply(this, args);
    copiedBytes += bytes;
    return bytes;
  };
  try {
    run();
  } finally {
    Buffer.prototype.copy = copy;
  }
  return copiedBytes;
}
