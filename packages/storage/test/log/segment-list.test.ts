import { offset } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HandlePool } from '../../src/files/handle-pool.ts';
import { PageCache } from '../../src/index-file/page-cache.ts';
import { SegmentList } from '../../src/log/segment-list.ts';
import { Segment } from '../../src/segment/segment.ts';

const store = { handles: new HandlePool(new SimulatedDisk(seededRandom(1)).newProcess(), 1), pages: new PageCache(0) };
const at = (base: number): Segment => new Segment(store, '/', offset(base), 0, 0);
const basesOf = (segments: readonly Segment[]): number[] => segments.map(({ baseOffset }) => baseOffset);

describe('SegmentList', () => {
  it('finds the last segment that begins at or below an offset', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(60), { minLength: 1 }), fc.nat(70), (unsorted, target) => {
        const bases = unsorted.sort((a, b) => a - b);
        const list = new SegmentList(bases.map(at));
        expect(list.floorIndex(offset(target))).toBe(bases.findLastIndex((base) => base <= target));
      }),
    );
  });

  it('gives out segments at either end, and keeps the rest in order', () => {
    const list = new SegmentList([0, 10, 20].map(at));
    list.add(at(30));
    expect(basesOf(list.removeFirst(1))).toEqual([0]);
    expect(basesOf(list.removeFrom(2))).toEqual([30]);
    expect([list.first.baseOffset, list.active.baseOffset]).toEqual([10, 20]);
    expect(basesOf(list.replaceAll(at(99)))).toEqual([10, 20]);
    expect(basesOf(list.all)).toEqual([99]);
  });

  it('is never empty', () => {
    expect(() => new SegmentList([])).toThrow(/at least one segment/);
  });
});
