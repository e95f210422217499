import { describe, expect, it } from 'vitest';
import { formatCheckpoint, parseCheckpoint } from '../../src/checkpoint/checkpoint-file.ts';
import { FILE, malformed } from './parse-failure.ts';

describe('formatCheckpoint', () => {
  it('writes version, count and entries, each line ended', () => {
    expect(formatCheckpoint(['a 0 1', 'b 1 2']).toString()).toBe('0\n2\na 0 1\nb 1 2\n');
    expect(formatCheckpoint([]).toString()).toBe('0\n0\n');
  });
});

describe('parseCheckpoint', () => {
  it('answers the lines of the entries', () => {
    expect(parseCheckpoint('0\n2\na 0 1\nb 1 2\n', FILE)).toEqual(['a 0 1', 'b 1 2']);
    expect(parseCheckpoint('0\n0\n', FILE)).toEqual([]);
  });

  it.each([
    ['', 1, 'version'],
    ['0', 1, 'not ended'],
    ['1\n0\n', 1, 'version'],
    ['\n0\n', 1, 'version'],
    ['0\n', 2, 'not a number'],
    ['0\n-1\n', 2, 'not a number'],
    ['0\nx\n', 2, 'not a number'],
    ['0\n1e0\na\n', 2, 'not a number'],
    ['0\n9007199254740993\n', 2, 'not a number'],
    ['0\n2\na 0 1\n', 2, '2 entries are announced, 1 follow'],
    ['0\n1\na 0 1\nb 0 1\n', 2, '1 entries are announced, 2 follow'],
    ['0\n1\na 0 1\n\n', 2, '1 entries are announced, 2 follow'],
    ['0\n1\na 0 1', 3, 'not ended'],
  ])('refuses %j at line %i', (text, line, reason) => {
    const error = malformed(() => parseCheckpoint(text, FILE));
    expect(error).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', file: FILE, position: { line } });
    expect(error.reason).toContain(reason);
  });
});
