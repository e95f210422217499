import type { Random } from '@barnabas/model';
import { pick, seededRandom, shuffled } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { ReplicatingCluster } from '../../support/fetching/replicating-cluster.ts';

const STEPS = 60;

/** What a run has seen: the values that were acknowledged to a producer that asked for all in-sync replicas. */
class Run {
  readonly cluster: ReplicatingCluster;
  readonly random: Random;
  readonly acknowledged = new Set<string>();
  readonly #under: Promise<unknown>[] = [];
  #values = 0;

  constructor(cluster: ReplicatingCluster, random: Random) {
    this.cluster = cluster;
    this.random = random;
  }

  get #running(): number[] {
    return [1, 2, 3].filter((id) => this.cluster.broker(id).isRunning);
  }

  async step(): Promise<void> {
    const kinds = [this.#produce, this.#produce, this.#produce, this.#elect, this.#stop, this.#start, this.#slow];
    await pick(this.random, kinds).call(this);
    await this.cluster.pass(this.random.below(25));
  }

  /** To the leader, or to some other that may take itself for it. */
  async #produce(): Promise<void> {
    const { leader } = this.cluster.controller.stateOf(0);
    const to = this.random.below(4) > 0 && leader !== undefined ? leader : pick(this.random, [1, 2, 3]);
    if (!this.cluster.broker(to).isRunning) return;
    const value = `v${this.#values++}`;
    const noted = async (): Promise<void> => {
      const result = await this.cluster.produce(to, value);
      if (result.kind === 'appended') this.acknowledged.add(value);
    };
    this.#under.push(noted());
  }

  /** Of those in the ISR; who hears of it, and when, is chance. */
  async #elect(): Promise<void> {
    const { isr } = this.cluster.controller.stateOf(0);
    const candidates = this.#running.filter((id) => isr.some((member) => member === id));
    if (candidates.length === 0) return;
    this.cluster.change(pick(this.random, candidates));
    for (const id of shuffled(this.random, this.#running)) {
      if (this.random.below(4) > 0) this.#under.push(this.cluster.tell(id));
      if (this.random.below(2) > 0) await this.cluster.pass(this.random.below(10));
    }
  }

  /** One dies, and the controller takes it out of the ISR, if it is not the last. */
  async #stop(): Promise<void> {
    const [id, ...others] = shuffled(this.random, this.#running);
    if (id === undefined || others.length === 0) return;
    this.cluster.stop(id, pick(this.random, ['kill', 'crash']));
    const left = this.cluster.isrOf().filter((member) => member !== id);
    const leader = others.find((other) => left.includes(other));
    if (leader === undefined) return;
    this.cluster.change(leader, left);
    for (const other of others) this.#under.push(this.cluster.tell(other));
  }

  async #start(): Promise<void> {
    const id = [1, 2, 3].find((each) => !this.cluster.broker(each).isRunning);
    if (id === undefined) return;
    await this.cluster.restart(id);
    this.#under.push(this.cluster.tell(id));
  }

  async #slow(): Promise<void> {
    this.cluster.peers.oneWayMs = pick(this.random, [0.2, 1, 5, 20]);
  }

  /** All are back and told the same, and there is time to come to rest. */
  async settle(): Promise<void> {
    this.cluster.peers.oneWayMs = 1;
    for (const id of [1, 2, 3]) if (!this.cluster.broker(id).isRunning) await this.cluster.restart(id);
    this.cluster.change(pick(this.random, this.cluster.isrOf()));
    await this.cluster.tell(1, 2, 3);
    await this.cluster.pass(4000);
    // What was asked of a broker that has died since gets no answer.
    await Promise.race([Promise.all(this.#under), this.cluster.pass(100)]);
  }
}

describe('three brokers at random', () => {
  it.each(
    Array.from({ length: 12 }, (_, seed) => seed + 1),
  )('keep what was acknowledged, and come to the same log: seed %i', async (seed) => {
    const cluster = await ReplicatingCluster.start();
    const run = new Run(cluster, seededRandom(seed));
    for (let step = 0; step < STEPS; step++) await run.step();
    await run.settle();
    const contents = await Promise.all([1, 2, 3].map((id) => cluster.contentOf(id)));
    expect(contents[1]).toEqual(contents[0]);
    expect(contents[2]).toEqual(contents[0]);
    const values = (contents[0] ?? []).map((line) => line.split(' ')[1]);
    expect([...run.acknowledged].filter((value) => !values.includes(value))).toEqual([]);
    expect(new Set(values).size).toBe(values.length);
    expect(run.acknowledged.size).toBeGreaterThan(0);
    // Nobody asks for the same over and over.
    const last = cluster.peers.sent.filter(({ atMs }) => atMs > cluster.clock.steadyMs() - 2000);
    expect(last.length).toBeLessThanOrEqual(12);
  });
});
