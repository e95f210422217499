import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { restrictTo } from '../../src/manager/log-dir-checkpoints.ts';

describe('restrictTo', () => {
  it('keeps the entries of some partitions, in each of the three', () => {
    const all = new Map([
      ['a-0', offset(1)],
      ['b-0', offset(2)],
    ]);
    const kept = new Map([['b-0', offset(2)]]);
    expect(
      restrictTo({ recoveryPoint: all, logStart: all, highWatermark: new Map() }, (name) => name === 'b-0'),
    ).toEqual({
      recoveryPoint: kept,
      logStart: kept,
      highWatermark: new Map(),
    });
  });
});
