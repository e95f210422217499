import { chance, pick, seededRandom } from '@barnabas/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedClient } from '../support/simulated-client.ts';
import type { Fate, FateOf } from '../support/simulated-cluster.ts';

const topic = 'orders';

const randomFates = (seed: number): FateOf => {
  const random = seededRandom(seed);
  return () => {
    if (chance(random, 0.5)) return { type: 'done' };
    const fates: Fate[] = [
      { type: 'unreachable' },
      { type: 'lost' },
      { type: 'unanswered' },
      { type: 'late', afterMs: random.below(40_000) },
      { type: 'error', error: 'NOT_LEADER_OR_FOLLOWER' },
      { type: 'error', error: 'REQUEST_TIMED_OUT' },
    ];
    return pick(random, fates);
  };
};

describe('a producer whose requests fail in every way', () => {
  it('has each acknowledged record in the log once and in order, and of the others none that was refused', async () => {
    const runs = fc.record({ seed: fc.integer(), deliveryTimeoutMs: fc.constantFrom(3000, 30_000, 600_000) });
    await fc.assert(
      fc.asyncProperty(runs, async ({ seed, deliveryTimeoutMs }) => {
        const run = new SimulatedClient({ partitions: 2, random: seededRandom(seed) });
        run.cluster.fateOf = randomFates(seed);
        const producer = run.client.producer({ maxBatchRecords: 3, deliveryTimeoutMs });
        const fates: (string | undefined)[] = [];
        for (let at = 0; at < 40; at += 1) {
          producer.send({ topic, value: `${at}`, partition: at % 2 }).then(
            () => {
              fates[at] = 'acknowledged';
            },
            ({ outcome }) => {
              fates[at] = outcome;
            },
          );
          await run.scheduler.advanceBy(seededRandom(seed + at).below(4000));
        }
        await run.valueOf(producer.close(), 2_000_000);
        await run.scheduler.advanceBy(100_000);
        for (const [partition, log] of run.cluster.logs.entries()) {
          const values = log.records.map(({ value }) => Number(value));
          expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
          for (let at = partition; at < 40; at += 2) {
            if (fates[at] === 'acknowledged') expect(values).toContain(at);
            if (fates[at] === 'refused') expect(values).not.toContain(at);
            expect(fates[at]).toBeDefined();
          }
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
