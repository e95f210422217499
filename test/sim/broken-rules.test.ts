import { describe, expect, it } from 'vitest';
import { BROKEN_RULES } from './broken/broken-rules.ts';
import { runInProcess } from './seed-processes.ts';

const SEEDS = 100;

describe('the simulation', () => {
  it.each(BROKEN_RULES.map(({ name, what }) => [what, name] as const))(
    'finds out: %s',
    { timeout: 300_000 },
    async (_, name) => {
      const results = await runInProcess(1, SEEDS, name);
      expect(results.at(-1)?.failure).toMatch(/^seed \d+: /);
    },
  );

  it('knows of a way to break each of the ten rules', () => {
    const rules = new Set(BROKEN_RULES.map(({ name }) => Number.parseInt(name, 10)));
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((rule) => !rules.has(rule))).toEqual([]);
  });
});
