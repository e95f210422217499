/** Seeds from `from` on, as many as SIM_SEEDS says (else `count`), or the one of SIM_SEED. */
export const seedsToRun = (from: number, count: number): number[] => {
  const { SIM_SEED, SIM_SEEDS } = process.env;
  if (SIM_SEED !== undefined) return [Number(SIM_SEED)];
  return Array.from({ length: SIM_SEEDS === undefined ? count : Number(SIM_SEEDS) }, (_, index) => from + index);
};

/** One seed says nothing about what a run of many has to come across. */
export const isSingleSeed = (): boolean => process.env.SIM_SEED !== undefined;
