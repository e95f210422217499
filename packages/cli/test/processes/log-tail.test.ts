import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lastLines } from '../../src/processes/log-tail.ts';

const directory = mkdtempSync(join(tmpdir(), 'log-tail-'));
afterAll(() => rmSync(directory, { recursive: true }));

const logOf = (text: string): string => {
  const path = join(directory, 'log');
  writeFileSync(path, text);
  return path;
};

describe('lastLines', () => {
  it('gives the last ones of those that came after a place', () => {
    const path = logOf('old\none\ntwo\n\nthree\n');
    expect(lastLines(path, 4, 2)).toEqual(['two', 'three']);
    expect(lastLines(path, 4, 9)).toEqual(['one', 'two', 'three']);
    expect(lastLines(path, 19, 9)).toEqual([]);
  });

  it('reads no more than it needs of a long log', () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
    expect(lastLines(logOf(lines.join('\n')), 0, 2)).toEqual(['line 49998', 'line 49999']);
  });
});
