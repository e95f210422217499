import { describe, expect, it } from 'vitest';
import { partitionFor } from '../src/index.ts';

/** Kafka's own answers. The hash of `polygenelubricants` is the one int32 that has no absolute value. */
const KAFKAS: readonly (readonly [string, Readonly<Record<number, number>>])[] = [
  ['', { 1: 0, 3: 0, 5: 0, 50: 0 }],
  ['a', { 1: 0, 3: 1, 5: 2, 50: 47 }],
  ['group', { 1: 0, 3: 2, 5: 2, 50: 47 }],
  ['größe', { 1: 0, 3: 1, 5: 2, 50: 7 }],
  ['日本語', { 1: 0, 3: 2, 5: 3, 50: 43 }],
  ['😀', { 1: 0, 3: 1, 5: 4, 50: 49 }],
  ['polygenelubricants', { 1: 0, 3: 0, 5: 0, 50: 0 }],
  ['console-consumer-12345', { 1: 0, 3: 0, 5: 1, 50: 6 }],
  ['my.group_1', { 1: 0, 3: 2, 5: 2, 50: 7 }],
  ['g728672', { 1: 0, 3: 1, 5: 4, 50: 19 }],
  ['g144408', { 1: 0, 3: 0, 5: 0, 50: 30 }],
  ['g698779', { 1: 0, 3: 2, 5: 0, 50: 5 }],
  ['g25563-ünï', { 1: 0, 3: 2, 5: 2, 50: 2 }],
  ['g886743', { 1: 0, 3: 0, 5: 0, 50: 5 }],
];

describe('partitionFor', () => {
  it.each(KAFKAS)('is the partition in which Kafka keeps the group %j', (groupId, partitions) => {
    for (const [count, partition] of Object.entries(partitions)) {
      expect(partitionFor(groupId, Number(count))).toBe(partition);
    }
  });
});
