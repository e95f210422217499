import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { forEachOf } from '../../src/manager/for-each-of.ts';

describe('forEachOf', () => {
  it.each([1, 3, 100])('acts on all items, %i at a time at most', async (parallel) => {
    const done: number[] = [];
    let [running, most] = [0, 0];
    await forEachOf([1, 2, 3, 4, 5, 6, 7], parallel, async (item) => {
      running++;
      most = Math.max(most, running);
      for (let turn = 0; turn < 8 - item; turn++) await nextTurn();
      running--;
      done.push(item);
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(Math.min(parallel, 7));
  });

  it('has nothing to do for no items', async () => {
    await forEachOf([], 4, () => Promise.reject(new Error('of what?')));
  });

  it('rejects with the first error and begins no further one', async () => {
    const begun: number[] = [];
    const failing = forEachOf([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      await nextTurn();
      if (item >= 3) throw new Error(`item ${item}`);
    });
    await expect(failing).rejects.toThrow('item 3');
    await nextTurn();
    await nextTurn();
    expect(begun).toEqual([1, 2, 3, 4]);
  });
});
