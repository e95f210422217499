import { describe, expect, it } from 'vitest';
import { type GoldenZnode, goldenTrees, goldenWrites } from './golden-znodes.ts';
import { recode } from './recode.ts';

describe('what Apache Kafka has in its znodes', () => {
  it.each([
    ['in its trees', goldenTrees(), 600],
    ['in its writes', goldenWrites(), 500],
  ])('is decoded, and encoded again as the same text, %s', (_where, znodes, least) => {
    expect(znodes.length).toBeGreaterThan(least);
    const uncovered = new Set<string>();
    for (const { path, data } of znodes) {
      const recoded = recodedText(path, data);
      if (recoded === undefined) uncovered.add(data === null ? 'no data' : path);
      else expect(`${path} ${recoded.text}`).toBe(`${path} ${data}`);
    }
    // Parents without data have no codec; everything else has one.
    expect([...uncovered]).toEqual(['no data']);
  });
});

function recodedText(path: string, data: GoldenZnode['data']): { readonly text: string | null } | undefined {
  const recoded = recode(path, data === null ? null : Buffer.from(data));
  return recoded && { text: recoded.data === null ? null : Buffer.from(recoded.data).toString() };
}
