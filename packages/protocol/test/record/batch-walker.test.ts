import { describe, expect, it } from 'vitest';
import { buildBatch } from '../../src/record/batch-builder.ts';
import { batchesIn } from '../../src/record/batch-walker.ts';

const batch = (value: string): Buffer =>
  buildBatch({ records: [{ timestamp: 1, key: null, value: Buffer.from(value) }] });
const first = batch('one');
const both = Buffer.concat([first, batch('another')]);

describe('batchesIn', () => {
  it('gives the position of each batch', () => {
    expect([...batchesIn(both)]).toEqual([0, first.length]);
    expect([...batchesIn(Buffer.alloc(0))]).toEqual([]);
  });

  it('stops at a tail that is cut off', () => {
    for (let end = first.length; end < both.length; end++) {
      expect([...batchesIn(both.subarray(0, end))]).toEqual([0]);
    }
  });

  it.each([-13, -12, 0, 48])('refuses a batch length of %d', (length) => {
    const bytes = Buffer.from(both);
    bytes.writeInt32BE(length, first.length + 8);
    expect(() => [...batchesIn(bytes)]).toThrow(
      expect.objectContaining({ error: 'CORRUPT_MESSAGE', position: first.length }),
    );
  });

  it('refuses a message of an old format', () => {
    const bytes = Buffer.from(both);
    bytes.writeInt8(0, 16);
    expect(() => [...batchesIn(bytes)]).toThrow(expect.objectContaining({ error: 'UNSUPPORTED_FOR_MESSAGE_FORMAT' }));
  });
});
