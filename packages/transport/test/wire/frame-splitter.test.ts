import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSplitter } from '../../src/wire/frame-splitter.ts';
import { MalformedFrameError } from '../../src/wire/malformed-frame-error.ts';

const framed = (payload: Uint8Array): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(payload.length);
  return Buffer.concat([size, payload]);
};

const announced = (sizeBytes: number): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(sizeBytes);
  return size;
};

describe('FrameSplitter', () => {
  it('finds the same frames however the stream is cut', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (frames, cuts) => {
        const stream = Buffer.concat(frames.map(framed));
        const splitter = new FrameSplitter(40);
        const found: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const end = at + (cuts[turn % cuts.length] ?? 1);
          found.push(...splitter.push(stream.subarray(at, end)));
          at = end;
        }
        expect(found.map((frame) => [...frame])).toEqual(frames.map((frame) => [...frame]));
      }),
    );
  });

  it('puts a frame of several MB together from chunks of 16 KiB', () => {
    const payload = Buffer.alloc(5_000_000, 'abcdefg');
    const stream = framed(payload);
    const splitter = new FrameSplitter(payload.length);
    const found: Buffer[] = [];
    for (let at = 0; at < stream.length; at += 16_384) found.push(...splitter.push(stream.subarray(at, at + 16_384)));
    expect(found).toHaveLength(1);
    expect(found[0]?.equals(payload)).toBe(true);
  });

  it.each([-1, 101, 2 ** 31 - 1])('refuses a frame of %d bytes as soon as it is announced', (sizeBytes) => {
    const splitter = new FrameSplitter(100);
    expect(() => [...splitter.push(announced(sizeBytes))]).toThrow(MalformedFrameError);
  });

  it('gives the frames that stand before a malformed one', () => {
    const frames = new FrameSplitter(100).push(Buffer.concat([framed(Buffer.from('good')), announced(-5)]));
    expect(frames.next().value?.toString()).toBe('good');
    expect(() => frames.next()).toThrow('a frame of -5 bytes');
  });

  it('takes no more memory for an announced frame than a little ahead of what has arrived', () => {
    const before = process.memoryUsage().arrayBuffers;
    const splitters = Array.from({ length: 20 }, () => new FrameSplitter(2 ** 31 - 1));
    for (const splitter of splitters)
      expect([...splitter.push(Buffer.concat([announced(2 ** 31 - 1), Buffer.alloc(1)]))]).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 2 ** 20);
    expect(splitters).toHaveLength(20);
  });
});
