import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { decodeOffsetIndex, decodeTimeIndex } from '../../src/index.ts';
import { type Expected, GOLDEN, readJson } from './golden.ts';

/** Every partition that Kafka was asked about, clean, killed and compacted ones. */
const cases = readdirSync(join(GOLDEN, 'expected'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /-\d+\.json$/.test(name))
  .map((name) => readJson<Expected>(`expected/${name}`));

const isUnusedSlot = ([a, b]: readonly [number, number], base: number): boolean =>
  a + b === 0 || (a === 0 && b === base);

describe('the index files of Kafka', () => {
  it.each(cases.map((expected) => [expected.dir, expected] as const))('decode: %s', (dir, expected) => {
    for (const { file, entries } of expected.offsetIndexes) {
      const base = offset(Number.parseInt(file, 10));
      const decoded = decodeOffsetIndex(readFileSync(join(GOLDEN, dir, file)), base).map(
        (entry) => [entry.offset, entry.position] as const,
      );
      expect(decoded.slice(0, entries.length), file).toEqual(entries);
      expect(decoded.slice(entries.length).every(([at, position]) => at === base && position === 0)).toBe(true);
    }
    for (const { file, entries } of expected.timeIndexes) {
      const base = offset(Number.parseInt(file, 10));
      const decoded = decodeTimeIndex(readFileSync(join(GOLDEN, dir, file)), base).map(
        (entry) => [entry.timestamp, entry.offset] as const,
      );
      expect(decoded.slice(0, entries.length), file).toEqual(entries);
      expect(decoded.slice(entries.length).every((entry) => isUnusedSlot(entry, base))).toBe(true);
    }
  });
});
