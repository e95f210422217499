import type { Random } from '@barnabas/model';
import { chance, pick } from '@barnabas/testkit';
import { between } from '../kernel/chances.ts';
import type { FaultBench } from './fault-bench.ts';
import { EXCLUSIVE, FAULTS, type Fault } from './faults.ts';

/** Lets things go wrong, at times and in ways that the seed gives: some kinds only, as runs that do everything do nothing often. */
export class Nemesis {
  readonly #bench: FaultBench;
  readonly #random: Random;
  readonly #faults: readonly Fault[];
  readonly #gapMs: number;

  constructor(bench: FaultBench) {
    this.#bench = bench;
    this.#random = bench.random;
    const share = pick(this.#random, [0.2, 0.4, 0.8]);
    const { faults } = bench.world.options;
    const drawn = FAULTS.filter(({ name }) => faults?.includes(name) ?? chance(this.#random, share));
    this.#faults = drawn.length > 0 ? drawn : [pick(this.#random, FAULTS)];
    this.#gapMs = pick(this.#random, [300, 1000, 3000]);
  }

  async run(durationMs: number): Promise<void> {
    const { world } = this.#bench;
    const endMs = world.clock.steadyMs() + durationMs;
    while (world.clock.steadyMs() < endMs) {
      await world.pass(between(this.#random, 1, 2 * this.#gapMs));
      await this.#begin(pick(this.#random, this.#faults));
      if (chance(this.#random, world.options.exclusiveChance))
        await this.#beginExclusive(pick(this.#random, EXCLUSIVE));
      else if (chance(this.#random, 0.05)) this.#bench.healAll();
    }
    await this.#bench.recover();
  }

  async #begin(fault: Fault): Promise<void> {
    this.#bench.note(fault.name);
    await fault.begin(this.#bench);
  }

  async #beginExclusive(fault: Fault): Promise<void> {
    await this.#bench.recover();
    await this.#begin(fault);
    await this.#bench.untilWell();
  }
}
