import { describe, expect, it } from 'vitest';
import { AckTimes } from '../../src/demo/ack-times.ts';

const later = () => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { promise, resolve, reject };
};

describe('AckTimes', () => {
  it('says when so many have come', async () => {
    const acks = new AckTimes();
    const [first, second] = [later(), later()];
    acks.expect(first.promise);
    acks.expect(second.promise);
    let isReached = false;
    const reached = acks.reached(2).then(() => {
      isReached = true;
    });
    first.resolve();
    await acks.untilUnacknowledgedBelow(2);
    expect([acks.count, isReached]).toEqual([1, false]);
    second.resolve();
    await reached;
    await acks.untilUnacknowledgedBelow(1);
    expect(acks.count).toBe(2);
    expect(acks.totalMs).toBeGreaterThanOrEqual(acks.longestPauseMs);
  });

  it('passes on a failure to whoever waits', async () => {
    const acks = new AckTimes();
    const only = later();
    acks.expect(only.promise);
    const waiting = acks.untilUnacknowledgedBelow(1);
    only.reject(new Error('refused'));
    await expect(waiting).rejects.toThrow('refused');
    await expect(acks.untilUnacknowledgedBelow(9)).rejects.toThrow('refused');
  });
});
