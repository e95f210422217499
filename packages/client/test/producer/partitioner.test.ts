import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { Partitioner, partitionForKey } from '../../src/producer/partitioner.ts';

const choices = (count: number, sizeBytes: number, partitions: number): number[] => {
  const partitioner = new Partitioner(seededRandom(7), 100);
  return Array.from({ length: count }, () => partitioner.choose(null, sizeBytes, partitions));
};

describe('partitionForKey', () => {
  it('takes the hash without its sign, over all partitions', () => {
    expect(partitionForKey(Buffer.from('abc'), 10)).toBe(479470107 % 10);
    expect(partitionForKey(Buffer.from('foobar'), 7)).toBe((-790332482 & 0x7fffffff) % 7);
  });
});

describe('Partitioner', () => {
  it('puts all records of a key into one partition', () => {
    const partitioner = new Partitioner(seededRandom(1), 10);
    const key = Buffer.from('k');
    const chosen = new Set([1, 2, 3].map(() => partitioner.choose(key, 50, 12)));
    expect([...chosen]).toEqual([partitionForKey(key, 12)]);
  });

  it('stays with a partition for a batch, and then takes another one', () => {
    const chosen = choices(30, 25, 5);
    for (let at = 0; at < chosen.length; at += 4) expect(new Set(chosen.slice(at, at + 4)).size).toBe(1);
    for (let at = 4; at < chosen.length; at += 4) expect(chosen[at]).not.toBe(chosen[at - 1]);
  });

  it('reaches all partitions', () => {
    expect(new Set(choices(200, 100, 5)).size).toBe(5);
  });

  it('has no other one to take where there is one', () => {
    expect(new Set(choices(10, 100, 1))).toEqual(new Set([0]));
  });
});
