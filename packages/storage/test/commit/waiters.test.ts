import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Waiters } from '../../src/commit/waiters.ts';

/** Notes which waiters were answered, in order. */
const watch = (waiters: Waiters, sequences: readonly number[]): string[] => {
  const log: string[] = [];
  for (const sequence of sequences) {
    waiters.until(sequence).then(
      () => log.push(`${sequence} done`),
      () => log.push(`${sequence} failed`),
    );
  }
  return log;
};

describe('Waiters', () => {
  it('wakes those whose op is done, in their order, and no other', async () => {
    const waiters = new Waiters(0);
    const log = watch(waiters, [1, 2, 2, 4]);
    waiters.resolveUpTo(1);
    await nextTurn();
    expect(log).toEqual(['1 done']);
    waiters.resolveUpTo(3);
    await nextTurn();
    expect(log).toEqual(['1 done', '2 done', '2 done']);
  });

  it('does not keep anybody waiting for what is done', async () => {
    const waiters = new Waiters(3);
    const log = watch(waiters, [0, 3, 4]);
    await nextTurn();
    expect(log).toEqual(['0 done', '3 done']);
  });

  it('rejects all who wait, and takes new ones afterwards', async () => {
    const waiters = new Waiters(0);
    const log = watch(waiters, [1, 2]);
    waiters.rejectAll(new Error('EIO'));
    waiters.resolveUpTo(5);
    await nextTurn();
    expect(log).toEqual(['1 failed', '2 failed']);
    await waiters.until(5);
  });
});
