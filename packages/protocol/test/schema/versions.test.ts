import { describe, expect, it } from 'vitest';
import { hasVersion, parseVersions, type Versions } from '../../src/schema/versions.ts';

describe('parseVersions', () => {
  it.each([
    ['none', []],
    ['2', [2]],
    ['1-3', [1, 2, 3]],
    ['2+', [2, 3, 4]],
  ] as const)('reads %s', (text, expected) => {
    const range = parseVersions(text);
    expect([0, 1, 2, 3, 4].filter((version) => hasVersion(range, version))).toEqual(expected);
  });

  it.each(['', '1-', '-1', '1.5', '1+2'])("refuses '%s'", (text) => {
    expect(() => parseVersions(text as Versions)).toThrow(TypeError);
  });
});
