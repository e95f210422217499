import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastWhere } from '../../src/index-file/search.ts';

describe('lastWhere', () => {
  it('finds the border, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.nat(40), async (count, border) => {
        const expected = Math.min(border, count) - 1;
        expect(await lastWhere(count, async (index) => index < border)).toBe(expected);
      }),
    );
  });

  it('ends in a logarithmic number of steps, and on an index for which it holds, though the order is broken', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 300 }), async (holds) => {
        let steps = 0;
        const found = await lastWhere(holds.length, async (index) => {
          steps++;
          return holds[index] ?? false;
        });
        expect(steps).toBeLessThanOrEqual(Math.ceil(Math.log2(holds.length + 1)));
        if (found >= 0) expect(holds[found]).toBe(true);
      }),
    );
  });
});
