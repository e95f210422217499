/** Seeds from 1 on, as many as CRASH_SEEDS says (else `count`), or the one of CRASH_SEED. */
export const seedsToRun = (count: number): number[] => {
  const { CRASH_SEED, CRASH_SEEDS } = process.env;
  if (CRASH_SEED !== undefined) return [Number(CRASH_SEED)];
  return Array.from({ length: CRASH_SEEDS === undefined ? count : Number(CRASH_SEEDS) }, (_, index) => index + 1);
};

/** One seed says nothing about what a run of many has to come across. */
export const isSingleSeed = (): boolean => process.env.CRASH_SEED !== undefined;
