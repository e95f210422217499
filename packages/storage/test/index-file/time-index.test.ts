import { offset } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTimeIndex, TimeIndex } from '../../src/index-file/time-index.ts';
import { IndexContext, PATH } from './index-context.ts';

const BASE = offset(7);
const NONE = { timestamp: -1, offset: BASE };

const open = (context: IndexContext, sizeBytes: number): TimeIndex =>
  new TimeIndex(context.store, PATH, BASE, sizeBytes);

describe('TimeIndex', () => {
  it('keeps the entries that are later than all before, and looks up and cuts as an array would', async () => {
    const times = fc.array(fc.integer({ min: -1, max: 900 }), { maxLength: 900 });
    await fc.assert(
      fc.asyncProperty(times, fc.nat(900), fc.array(fc.nat(1000)), fc.nat(900), async (given, saveAt, queries, cut) => {
        const context = new IndexContext();
        let index = open(context, 0);
        let kept: { timestamp: number; offset: number }[] = [];
        for (const [i, timestamp] of given.entries()) {
          if (i === saveAt) {
            await index.file.save();
            index = open(context, await context.sizeBytes());
            await index.last();
          }
          const entry = { timestamp, offset: offset(BASE + i) };
          if (timestamp > (kept.at(-1)?.timestamp ?? -1)) kept.push(entry);
          index.append(entry);
        }
        expect(index.file.count).toBe(kept.length);
        for (const query of queries) {
          expect(await index.lookup(query)).toEqual(kept.findLast(({ timestamp }) => timestamp <= query) ?? NONE);
        }
        await index.truncateTo(offset(BASE + cut));
        kept = kept.filter((entry) => entry.offset < BASE + cut);
        expect(await index.last()).toEqual(kept.at(-1) ?? NONE);
        const next = { timestamp: 5000, offset: offset(BASE + cut) };
        index.append(next);
        expect(await index.lookup(5001)).toEqual(next);
      }),
      { numRuns: 60 },
    );
  });

  it('writes timestamp and relative offset, big-endian', async () => {
    const context = new IndexContext();
    const index = open(context, 0);
    const entry = { timestamp: 1_735_689_600_000, offset: offset(BASE + 3) };
    index.append(entry);
    await index.file.save();
    const bytes = await context.store.handles.fs.readFile(PATH);
    expect(bytes.toString('hex')).toBe('000001941f297c0000000003');
    expect(decodeTimeIndex(bytes, BASE)).toEqual([entry]);
  });

  it('refuses an offset that is too far from the base', () => {
    const index = open(new IndexContext(), 0);
    index.append({ timestamp: 1, offset: offset(BASE + 2 ** 31 - 1) });
    expect(() => index.append({ timestamp: 2, offset: offset(BASE + 2 ** 31) })).toThrow(RangeError);
  });

  it('keeps one slot free for the closing entry', () => {
    const index = open(new IndexContext(), 24);
    expect([35, 36, 47, 48].map((bytes) => index.isFull(bytes))).toEqual([true, true, true, false]);
  });

  it('does not append before its last entry was read', async () => {
    const context = new IndexContext();
    context.disk.plantFile(PATH, Buffer.alloc(12));
    expect(() => open(context, 12).append({ timestamp: 1, offset: BASE })).toThrow(/before the last entry is known/);
  });
});
