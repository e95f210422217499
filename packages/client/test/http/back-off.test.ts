import { describe, expect, it } from 'vitest';
import { BackOff } from '../../src/http/back-off.ts';

const withChance = (chance: number) => {
  const random = { below: (bound: number) => Math.floor(chance * bound), bytes: () => new Uint8Array() };
  return new BackOff({ shortestMs: 50, longestMs: 1000 }, random);
};

describe('BackOff', () => {
  it('doubles up to its longest, and takes half of that at least', () => {
    const delays = (backOff: BackOff) => Array.from({ length: 7 }, () => Math.round(backOff.nextDelayMs()));
    expect(delays(withChance(0))).toEqual([25, 50, 100, 200, 400, 500, 500]);
    expect(delays(withChance(1))).toEqual([50, 100, 200, 400, 800, 1000, 1000]);
  });

  it('begins anew after a success', () => {
    const backOff = withChance(0);
    for (let failures = 0; failures < 2000; failures += 1) backOff.nextDelayMs();
    backOff.reset();
    expect(backOff.nextDelayMs()).toBe(25);
  });
});
