import { describe, expect, it } from 'vitest';
import {
  brokerEpochFromWire,
  int64ToWire,
  leaderEpochFromWire,
  offsetFromWire,
  producerIdFromWire,
  timestampFromWire,
} from '../../src/wire/wire-numbers.ts';

const MAX = 2n ** 53n - 1n;

describe.each([
  ['offsetFromWire', offsetFromWire],
  ['brokerEpochFromWire', brokerEpochFromWire],
  ['producerIdFromWire', producerIdFromWire],
])('%s', (_, read) => {
  it.each([0n, 1n, MAX])('reads %s', (value) => expect(read(value)).toBe(Number(value)));
  it.each([-1n, -(2n ** 63n), MAX + 1n, 2n ** 63n - 1n])('has no number for %s', (value) =>
    expect(read(value)).toBeUndefined());
});

describe('timestampFromWire', () => {
  it.each([0n, -1n, -5n, MAX, -MAX])('reads %s', (value) => expect(timestampFromWire(value)).toBe(Number(value)));
  it.each([MAX + 1n, -MAX - 1n])('has no number for %s', (value) => expect(timestampFromWire(value)).toBeUndefined());
});

describe('leaderEpochFromWire', () => {
  it('takes -1 for none', () => {
    expect([leaderEpochFromWire(-1), leaderEpochFromWire(0), leaderEpochFromWire(7)]).toEqual([undefined, 0, 7]);
  });
});

describe('int64ToWire', () => {
  it('writes -1 for none', () => {
    expect([int64ToWire(undefined), int64ToWire(0), int64ToWire(Number(MAX))]).toEqual([-1n, 0n, MAX]);
  });
});
