import { chance, pick, seededRandom, shuffled } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';

describe('seededRandom', () => {
  it('repeats for a seed and differs between neighbouring seeds', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 20 },
        (
          (random) => () =>
            random.below(1000)
        )(seededRandom(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(0)).not.toEqual(draw(-1));
  });

  it('draws every number below the bound about as often', () => {
    const random = seededRandom(3);
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 100_000; index++) {
      const drawn = random.below(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('stays below wide bounds and fills them', () => {
    const random = seededRandom(4);
    for (const bound of [2 ** 32, 2 ** 40 + 1, Number.MAX_SAFE_INTEGER]) {
      const drawn = Array.from({ length: 1000 }, () => random.below(bound));
      expect(drawn.every((value) => Number.isSafeInteger(value) && value >= 0 && value < bound)).toBe(true);
      expect(Math.max(...drawn)).toBeGreaterThan(bound * 0.95);
      expect(Math.min(...drawn)).toBeLessThan(bound * 0.05);
    }
    expect(() => random.below(0)).toThrow(RangeError);
    expect(() => random.below(1.5)).toThrow(RangeError);
  });

  it('gives as many bytes as asked, of all values', () => {
    const bytes = seededRandom(5).bytes(10_000);
    expect(bytes.length).toBe(10_000);
    expect(new Set(bytes).size).toBe(256);
  });
});

describe('chance', () => {
  it('is never at 0, always at 1, and in between as often as it says', () => {
    const random = seededRandom(6);
    const times = (probability: number) =>
      Array.from({ length: 10_000 }, () => chance(random, probability)).filter(Boolean).length;
    expect(times(0)).toBe(0);
    expect(times(1)).toBe(10_000);
    expect(Math.abs(times(0.3) - 3000)).toBeLessThan(200);
  });
});

describe('shuffled and pick', () => {
  it('give all items in every order, and each of them', () => {
    const random = seededRandom(8);
    const orders = new Set(Array.from({ length: 300 }, () => shuffled(random, ['a', 'b', 'c']).join('')));
    expect([...orders].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    expect(new Set(Array.from({ length: 100 }, () => pick(random, [1, 2, 3])))).toEqual(new Set([1, 2, 3]));
  });
});
