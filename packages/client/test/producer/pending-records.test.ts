import { describe, expect, it } from 'vitest';
import { PendingRecords } from '../../src/producer/pending-records.ts';
import { prepare } from '../../src/producer/producer-record.ts';

const pendingRecords = (values: string[], limits: { maxBatchBytes: number; maxBatchRecords: number }) => {
  const pending = new PendingRecords(limits);
  for (const value of values) {
    const record = prepare({ topic: 't', value }, 0);
    pending.add({ record, deadlineMs: 0, resolve: () => {}, reject: () => {} });
  }
  return pending;
};

const taken = (pending: PendingRecords) => {
  const batches: unknown[][] = [];
  while (!pending.isEmpty) batches.push(pending.take().map(({ record }) => record.value));
  return batches;
};

describe('PendingRecords', () => {
  it('cuts batches by the number of records', () => {
    const pending = pendingRecords(['a', 'b', 'c', 'd', 'e'], { maxBatchBytes: 1e6, maxBatchRecords: 2 });
    expect(pending.isFull).toBe(true);
    expect(taken(pending)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('cuts batches by bytes, and lets a larger record go alone', () => {
    const large = 'x'.repeat(500);
    const pending = pendingRecords(['a', 'b', large, 'c'], { maxBatchBytes: 100, maxBatchRecords: 10 });
    expect(taken(pending)).toEqual([['a', 'b'], [large], ['c']]);
  });

  it('is full when its bytes make a batch, and no longer when that is taken', () => {
    const pending = pendingRecords(['x'.repeat(60), 'y'], { maxBatchBytes: 100, maxBatchRecords: 10 });
    expect(pending.isFull).toBe(true);
    pending.take();
    expect(pending.isFull).toBe(false);
  });

  it('keeps the order of a long queue', () => {
    const values = Array.from({ length: 1000 }, (_, index) => `${index}`);
    expect(taken(pendingRecords(values, { maxBatchBytes: 1e6, maxBatchRecords: 7 })).flat()).toEqual(values);
  });
});
