import { afterAll, describe, expect, it } from 'vitest';
import { describeWithZooKeeper } from '../../support/zookeeper/describe-with-zookeeper.ts';
import type { Fault } from '../faults/fault.ts';
import { Report } from './report.ts';
import { Stage } from './stage.ts';

const { CHAOS_ROUNDS = '1' } = process.env;
const ROUNDS = Array.from({ length: Number(CHAOS_ROUNDS) }, (_, index) => index + 1);
const ROUND_MAX_MS = 5 * 60_000;
/** Of the findings, for a failed round. */
const EXAMPLES = 20;

/** Each fault, CHAOS_ROUNDS times, on three brokers of a real ZooKeeper. To be awaited at the top of the test file. */
export const chaosSuite = (suite: string, faults: readonly Fault[]): Promise<void> =>
  describeWithZooKeeper(suite, 'servers', () => {
    const stage = new Stage();
    const report = new Report();
    afterAll(async () => {
      report.save(suite.toLowerCase().replaceAll(' ', '-'));
      await stage.close();
    }, ROUND_MAX_MS);

    describe.each(faults)('$name', (fault) => {
      it.each(ROUNDS)(
        'loses no acknowledged record, and repeats none: round %i',
        async (number) => {
          const outcome = await stage.play(fault, number);
          report.add(fault.name, outcome);
          expect(outcome.findings.slice(0, EXAMPLES)).toEqual([]);
          expect(outcome.givenUp).toBe(0);
        },
        ROUND_MAX_MS,
      );
    });
  });
