import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { BackOff } from '../../src/session/back-off.ts';

describe('BackOff', () => {
  it('makes the first attempt at once, and doubles up to a second from then on', () => {
    const backOff = new BackOff(seededRandom(1));
    const delaysMs = Array.from({ length: 8 }, () => backOff.nextDelayMs());
    expect(delaysMs[0]).toBe(0);
    for (const [index, longestMs] of [100, 200, 400, 800, 1000, 1000, 1000].entries()) {
      expect(delaysMs[index + 1]).toBeGreaterThanOrEqual(longestMs / 2);
      expect(delaysMs[index + 1]).toBeLessThanOrEqual(longestMs);
    }
  });

  it('starts over after a connection that lasted, but not at once', () => {
    const backOff = new BackOff(seededRandom(1));
    for (let attempt = 0; attempt < 6; attempt++) backOff.nextDelayMs();
    backOff.reset();
    const delayMs = backOff.nextDelayMs();
    expect(delayMs).toBeGreaterThanOrEqual(50);
    expect(delayMs).toBeLessThanOrEqual(100);
  });

  it('differs from client to client', () => {
    const delays = Array.from({ length: 20 }, (_, seed) => {
      const backOff = new BackOff(seededRandom(seed));
      backOff.nextDelayMs();
      return backOff.nextDelayMs();
    });
    expect(new Set(delays).size).toBeGreaterThan(10);
  });
});
