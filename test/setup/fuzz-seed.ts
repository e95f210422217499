/**
 * Property tests run from one seed, so that two runs of the same code say the same. FUZZ_SEED=n takes another one,
 * FUZZ_SEED=random a new one each time; a failure prints its seed in any case.
 */
import { configureGlobal } from 'fast-check';

const { FUZZ_SEED = '1' } = process.env;
if (FUZZ_SEED !== 'random') configureGlobal({ seed: Number(FUZZ_SEED) });
