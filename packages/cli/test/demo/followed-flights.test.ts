import type { Reader } from '@barnabas/client';
import { describe, expect, it } from 'vitest';
import { END, follow, hashOf } from '../../src/demo/followed-flights.ts';

const sent = ['a', 'b', 'c'].map((value) => ({ key: `key of ${value}`, value }));

/** A reader that hands over these values, each at its offset, and then the end. */
const readerOf = (...values: [number, string][]): Reader => {
  const records = values.map(([offset, value]) => ({ offset, key: Buffer.from(`key of ${value}`), text: () => value }));
  const end = { offset: 99, key: Buffer.from(END), text: () => '' };
  async function* all() {
    yield* [...records, end];
  }
  return { [Symbol.asyncIterator]: all } as unknown as Reader;
};

const faultOf = async (...values: [number, string][]) => (await follow(readerOf(...values), sent, () => {})).fault;

describe('follow', () => {
  it('finds no fault where all came once and in order, also with gaps between offsets', async () => {
    const counts: number[] = [];
    const followed = await follow(readerOf([0, 'a'], [1, 'b'], [3, 'c']), sent, (count) => counts.push(count));
    expect(followed).toEqual({ count: 3, fault: undefined, hash: hashOf(sent) });
    expect(counts).toEqual([1, 2, 3]);
  });

  it.each([
    [
      'one is missing',
      [
        [0, 'a'],
        [1, 'b'],
      ],
    ],
    [
      'one in the middle is missing',
      [
        [0, 'a'],
        [1, 'c'],
      ],
    ],
    [
      'one came twice',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'b'],
        [3, 'c'],
      ],
    ],
    [
      'the last came twice',
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
        [3, 'c'],
      ],
    ],
    [
      'two changed places',
      [
        [0, 'b'],
        [1, 'a'],
        [2, 'c'],
      ],
    ],
    [
      'one is another',
      [
        [0, 'a'],
        [1, 'x'],
        [2, 'c'],
      ],
    ],
    [
      'offsets go back',
      [
        [0, 'a'],
        [2, 'b'],
        [1, 'c'],
      ],
    ],
  ] as [string, [number, string][]][])('finds the fault where %s', async (_, values) => {
    expect(await faultOf(...values)).toBeDefined();
  });
});
