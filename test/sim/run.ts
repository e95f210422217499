/**
 * Runs seeds in this process, and prints one line of JSON for each: what `RunResult` says. By hand:
 *
 *   SIM_SEED=17 node test/sim/run.ts            one seed, and the whole trace of it
 *   node test/sim/run.ts 1-100                  seeds
 *   node test/sim/run.ts 1-100 flush            with a rule broken, until it is found out
 */
import { BROKEN_RULES } from './broken/broken-rules.ts';
import { runSeed } from './run-seed.ts';

const { SIM_SEED } = process.env;
const [range = SIM_SEED ?? '1-100', ruleName] = process.argv.slice(2);
const [from = 1, to = from] = range.split('-').map(Number);
const rule = BROKEN_RULES.find(({ name }) => name === ruleName);
if (ruleName !== undefined && rule === undefined) throw new Error(`there is no rule ${ruleName}`);
rule?.apply?.();
const print = SIM_SEED === undefined ? undefined : (line: string) => process.stdout.write(`${line}\n`);
const settings = {
  options: rule?.options,
  ...(rule?.wrapFs !== undefined && { wrapFs: rule.wrapFs }),
  ...(print !== undefined && { print }),
};

for (let seed = from; seed <= to; seed++) {
  const result = await runSeed(seed, settings);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (rule !== undefined && result.failure !== undefined) break;
}
