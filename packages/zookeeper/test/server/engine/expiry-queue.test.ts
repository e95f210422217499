import { describe, expect, it } from 'vitest';
import { ExpiryQueue } from '../../../src/server/engine/expiry-queue.ts';

describe('ExpiryQueue', () => {
  it('lets an item expire at the first whole tick behind its time', () => {
    const queue = new ExpiryQueue<string>(2000, 500);
    queue.update('a', 500, 4000);
    expect(queue.takeExpired(5999)).toEqual([]);
    expect(queue.takeExpired(6000)).toEqual(['a']);
    expect(queue.takeExpired(6000)).toEqual([]);
  });

  it('waits one more tick if the time is a whole tick itself', () => {
    const queue = new ExpiryQueue<string>(2000, 0);
    queue.update('a', 0, 4000);
    expect(queue.takeExpired(4000)).toEqual([]);
    expect(queue.takeExpired(6000)).toEqual(['a']);
  });

  it('puts off what is heard of, and forgets what is removed', () => {
    const queue = new ExpiryQueue<string>(2000, 0);
    for (const item of ['a', 'b', 'c']) queue.update(item, 0, 3000);
    queue.update('a', 1500, 3000);
    queue.remove('b');
    expect(queue.takeExpired(4000)).toEqual(['c']);
    expect(queue.takeExpired(6000)).toEqual(['a']);
  });

  it('takes out what has expired by and by in that order, however late it is asked', () => {
    const queue = new ExpiryQueue<string>(10, 0);
    queue.update('late', 0, 95);
    queue.update('early', 0, 5);
    expect(queue.takeExpired(1e12)).toEqual(['early', 'late']);
    expect(queue.nextExpiryMs).toBe(1e12 + 10);
  });
});
