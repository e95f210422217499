import type { Random } from '@barnabas/model';
import { chance, pick } from '@barnabas/testkit';
import { chancesOf } from '../kernel/chances.ts';

type Span = { readonly min: number; readonly max: number };

/** What a seed fixes for its whole run. */
export type RunOptions = {
  readonly seed: number;
  readonly flushMode: 'group' | 'os';
  readonly sessionTimeoutMs: number;
  readonly replicaLagTimeMaxMs: number;
  readonly fetchWaitMs: number;
  readonly requestTimeoutMs: number;
  readonly fetchersPerLeader: number;
  readonly segmentBytes: number;
  readonly checkpointIntervalMs: number;
  readonly networkLatencyMs: Span;
  /** Between one operation of a disk and the next. */
  readonly diskLatencyMs: Span;
  readonly shortWriteChance: number;
  readonly writeBackChance: number;
  /** How long faults and load go on. */
  readonly durationMs: number;
  readonly rebalances: boolean;
  /** Topics come and go. */
  readonly recreates: boolean;
  /** Bytes on disks change that were flushed. */
  readonly corrupts: boolean;
  /** How likely one of the faults that exclude others comes after another one. */
  readonly exclusiveChance: number;
  /** Names of the faults that happen; undefined: some that are drawn. */
  readonly faults: readonly string[] | undefined;
};

export function drawRunOptions(seed: number): RunOptions {
  const random: Random = chancesOf(seed, 'options');
  return {
    seed,
    flushMode: pick(random, ['group', 'group', 'os']),
    sessionTimeoutMs: pick(random, [2000, 3000, 4000]),
    replicaLagTimeMaxMs: pick(random, [1000, 2000, 4000]),
    fetchWaitMs: pick(random, [100, 300, 500]),
    requestTimeoutMs: pick(random, [1000, 2000]),
    fetchersPerLeader: pick(random, [1, 1, 2]),
    segmentBytes: pick(random, [1500, 4000, 1 << 20]),
    checkpointIntervalMs: pick(random, [300, 1000, 5000]),
    networkLatencyMs: pick(random, [
      { min: 0, max: 1 },
      { min: 0, max: 3 },
      { min: 1, max: 20 },
      { min: 0, max: 100 },
    ]),
    diskLatencyMs: pick(random, [
      { min: 0, max: 0 },
      { min: 0, max: 1 },
      { min: 0, max: 3 },
    ]),
    shortWriteChance: pick(random, [0, 0.2]),
    writeBackChance: pick(random, [0, 0.1, 0.5]),
    durationMs: pick(random, [6000, 12_000, 18_000]),
    rebalances: pick(random, [true, false]),
    recreates: chance(random, 0.4),
    corrupts: chance(random, 0.5),
    exclusiveChance: pick(random, [0.02, 0.05, 0.2]),
    faults: undefined,
  };
}
