import { describe, expect, it } from 'vitest';
import { isNextSequence, sequenceBefore } from '../../src/producer/sequence.ts';

const MAX = 2147483647;

describe('sequenceBefore', () => {
  it.each([
    [5, 0, 5],
    [5, 5, 0],
    [5, 6, MAX],
    [0, 1, MAX],
    [3, 11, 2147483640],
    [MAX, MAX, 0],
  ])('of %i by %i places is %i', (sequence, count, expected) => {
    expect(sequenceBefore(sequence, count)).toBe(expected);
  });
});

describe('isNextSequence', () => {
  it.each([
    [1, 0, true],
    [0, -1, true],
    [0, MAX, true],
    [1, MAX, false],
    [0, 0, false],
    [2, 0, false],
    [1, -1, false],
  ])('of %i after %i is %s', (next, last, expected) => {
    expect(isNextSequence(next, last)).toBe(expected);
  });
});
