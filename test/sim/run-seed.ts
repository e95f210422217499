import { chance } from '@barnabas/testkit';
import { FaultBench } from './faults/fault-bench.ts';
import { Nemesis } from './faults/nemesis.ts';
import { checkEnd } from './invariants/end-rules.ts';
import { CheckFailure } from './kernel/check-failure.ts';
import { Load } from './workload/load.ts';
import { SimCluster } from './world/cluster.ts';
import { drawRunOptions, type RunOptions } from './world/run-options.ts';
import { World, type WorldSettings } from './world/world.ts';

export type RunResult = {
  readonly seed: number;
  /** The same for two runs that are the same. */
  readonly digest: string;
  readonly reached: Readonly<Record<string, number>>;
  /** What an invariant found. */
  readonly failure: string | undefined;
};

export type RunSettings = WorldSettings & { readonly options?: Partial<RunOptions> | undefined };

/** One run of a cluster, from three empty disks to the moment when all is well again and everything has been read back. */
export async function runSeed(seed: number, { options, ...settings }: RunSettings = {}): Promise<RunResult> {
  const world = new World({ ...drawRunOptions(seed), ...options }, settings);
  let failure: string | undefined;
  try {
    await play(world);
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw new Error(report(world, String(error)), { cause: error });
    failure = report(world, error.message);
  }
  return { seed, digest: world.trace.digest, reached: world.reached.counts, failure };
}

async function play(world: World): Promise<void> {
  const load = new Load(world);
  const cluster = new SimCluster(world, (topic) => load.promiseOf(topic));
  const bench = new FaultBench(cluster, world.chances('faults'));
  try {
    await bench.recover();
    load.begin(cluster.model);
    if (!chance(bench.random, 0.1)) await bench.recover();
    await new Nemesis(bench).run(world.options.durationMs);
    await load.end(() => bench.recover());
    await checkEnd(cluster, load);
  } finally {
    cluster.end();
  }
}

function report(world: World, message: string): string {
  const { seed } = world.options;
  return [
    `seed ${seed}: ${message}`,
    `options: ${JSON.stringify(world.options)}`,
    ...world.trace.lastLines,
    `alone: SIM_SEED=${seed} node test/sim/run.ts`,
  ].join('\n');
}
