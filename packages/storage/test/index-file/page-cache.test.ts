import { describe, expect, it } from 'vitest';
import { PAGE_BYTES, PageCache } from '../../src/index-file/page-cache.ts';

const page = (value: number): Buffer => Buffer.alloc(PAGE_BYTES, value);

describe('PageCache', () => {
  it('keeps pages of files apart, and answers the newest content of each', () => {
    const cache = new PageCache(10 * PAGE_BYTES);
    cache.put('a', 1, page(1));
    cache.put('b', 1, page(2));
    cache.put('a', 11, page(3));
    cache.put('a', 1, page(4));
    expect([cache.get('a', 1), cache.get('b', 1), cache.get('a', 11), cache.get('b', 11)]).toEqual([
      page(4),
      page(2),
      page(3),
      undefined,
    ]);
  });

  it('never holds more than it may, and lets go what was used longest ago', () => {
    const cache = new PageCache(3 * PAGE_BYTES);
    for (const index of [0, 1, 2]) cache.put('a', index, page(index));
    cache.get('a', 0);
    cache.put('a', 3, page(3));
    expect([0, 1, 2, 3].map((index) => cache.get('a', index) !== undefined)).toEqual([true, false, true, true]);
  });

  it('holds one page however little it may', () => {
    const cache = new PageCache(0);
    cache.put('a', 0, page(0));
    expect(cache.get('a', 0)).toEqual(page(0));
    cache.put('a', 1, page(1));
    expect(cache.get('a', 0)).toBeUndefined();
  });

  it('drops a range of pages of one file', () => {
    const cache = new PageCache(10 * PAGE_BYTES);
    for (const index of [0, 1, 2, 3]) cache.put('a', index, page(index));
    cache.put('b', 1, page(9));
    cache.drop('a', 1, 2);
    expect([0, 1, 2, 3].filter((index) => cache.get('a', index) !== undefined)).toEqual([0, 3]);
    expect(cache.get('b', 1)).toEqual(page(9));
  });
});
