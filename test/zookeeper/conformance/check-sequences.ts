import fc, { type Arbitrary } from 'fast-check';
import type { Comparison } from './comparison.ts';
import type { Step } from './step.ts';

/** The seed of all sequences of this run: see `test/setup/fuzz-seed.ts`. */
export const SEED = fc.readConfigureGlobal().seed ?? Date.now() % 2 ** 31;

/** How many sequences: `count`, times CONFORMANCE_TIMES for a run that has more time. */
export const sequenceCount = (count: number): number => count * Number(process.env.CONFORMANCE_TIMES ?? 1);

/** Compares two servers by so many sequences; one in which they differ is made as short as can be in a minute. */
export const checkSequences = async (
  comparison: Comparison,
  sequences: Arbitrary<Step[]>,
  count: number,
): Promise<void> => {
  const property = fc.asyncProperty(sequences, (steps) => comparison.run(steps));
  await fc.assert(property, { seed: SEED, numRuns: count });
};
