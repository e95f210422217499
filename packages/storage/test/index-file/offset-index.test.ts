import { offset } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOffsetIndex, OffsetIndex } from '../../src/index-file/offset-index.ts';
import { IndexContext, PATH } from './index-context.ts';

const BASE = offset(5_000_000_000);

const open = (context: IndexContext, sizeBytes: number): OffsetIndex =>
  new OffsetIndex(context.store, PATH, BASE, sizeBytes);

/** Entries (relative offset, position) in rising order. */
const rising = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 })), { maxLength: 1200 })
  .map((steps) => {
    let [at, position] = [BASE as number, 0];
    return steps.map(([by, bytes]) => {
      at += by;
      position += bytes;
      return { offset: offset(at), position };
    });
  });

describe('OffsetIndex', () => {
  it('looks up and cuts as an array would, saved or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        rising,
        fc.nat(1200),
        fc.array(fc.nat(6500)),
        fc.nat(6500),
        async (entries, saveAt, targets, cut) => {
          const context = new IndexContext();
          const index = open(context, 0);
          for (const [i, entry] of entries.entries()) {
            if (i === saveAt) await index.file.save();
            index.append(entry.offset, entry.position);
          }
          const start = { offset: BASE, position: 0 };
          for (const target of targets) {
            const expected = entries.findLast((entry) => entry.offset <= BASE + target) ?? start;
            expect(await index.lookup(offset(BASE + target))).toEqual(expected);
          }
          expect(await index.last()).toEqual(entries.at(-1) ?? start);
          await index.truncateTo(offset(BASE + cut));
          const kept = entries.filter((entry) => entry.offset < BASE + cut);
          expect(index.file.count).toBe(kept.length);
          expect(await index.last()).toEqual(kept.at(-1) ?? start);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes big-endian pairs of relative offset and position', async () => {
    const context = new IndexContext();
    const index = open(context, 0);
    index.append(offset(BASE + 0x01020304), 0x0a0b0c0d);
    await index.file.save();
    const bytes = await context.store.handles.fs.readFile(PATH);
    expect(bytes.toString('hex')).toBe('010203040a0b0c0d');
    expect(decodeOffsetIndex(bytes, BASE)).toEqual([{ offset: BASE + 0x01020304, position: 0x0a0b0c0d }]);
  });

  it('holds the largest relative offset and position, and refuses one beyond', async () => {
    const index = open(new IndexContext(), 0);
    index.append(offset(BASE + 2 ** 31 - 1), 2 ** 31 - 1);
    expect(await index.last()).toEqual({ offset: BASE + 2 ** 31 - 1, position: 2 ** 31 - 1 });
    expect(() => index.append(offset(BASE + 2 ** 31), 0)).toThrow(RangeError);
  });

  it('is full when another entry has no room', () => {
    const index = open(new IndexContext(), 24);
    expect([31, 32, 23, 24, 25].map((bytes) => index.isFull(bytes))).toEqual([true, false, true, true, true]);
  });

  it('does not count a part of an entry', async () => {
    const context = new IndexContext();
    context.disk.plantFile(PATH, Buffer.from('0000000100000002000000', 'hex'));
    const index = open(context, 11);
    expect(index.file.count).toBe(1);
    expect(await index.last()).toEqual({ offset: BASE + 1, position: 2 });
    expect(decodeOffsetIndex(Buffer.alloc(11), BASE)).toHaveLength(1);
  });
});
