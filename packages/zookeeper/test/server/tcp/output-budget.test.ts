import { describe, expect, it } from 'vitest';
import { type Indebted, OutputBudget } from '../../../src/server/tcp/output-budget.ts';

class FakeConnection implements Indebted {
  waitingBytes: number;
  readonly drops: string[] = [];

  constructor(waitingBytes: number) {
    this.waitingBytes = waitingBytes;
  }

  drop(reason: string): void {
    this.drops.push(reason);
    this.waitingBytes = 0;
  }
}

const dropsOf = (debts: readonly number[], said: readonly number[]) => {
  const connections = debts.map((bytes) => new FakeConnection(bytes));
  const budget = new OutputBudget(1600, connections);
  for (const bytes of said) budget.said(bytes);
  return connections.map(({ drops }) => drops.length);
};

describe('an OutputBudget', () => {
  it('drops those that have the most waiting, until the rest is within it', () => {
    expect(dropsOf([300, 900, 500, 1000, 400], [101])).toEqual([0, 1, 0, 1, 0]);
  });

  it('drops nobody within it', () => {
    expect(dropsOf([1600, 0], [10_000])).toEqual([0, 0]);
  });

  it('looks again whenever a sixteenth of it was said', () => {
    expect(dropsOf([2000], [50, 50])).toEqual([0]);
    expect(dropsOf([2000], [50, 50, 1])).toEqual([1]);
  });
});
