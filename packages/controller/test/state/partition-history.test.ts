import { type BrokerId, brokerId } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PartitionHistory } from '../support/partition-history.ts';

type Step = (history: PartitionHistory) => void;

const broker: fc.Arbitrary<BrokerId> = fc.integer({ min: 1, max: 3 }).map(brokerId);
const brokers = fc.subarray([1, 2, 3].map(brokerId), { minLength: 1 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>((history) => history.append()) },
  {
    weight: 4,
    arbitrary: fc.tuple(brokers, fc.nat(3)).map(
      ([ids, lost]): Step =>
        (history) =>
          history.crash(ids, lost),
    ),
  },
  {
    weight: 8,
    arbitrary: broker.map(
      (id): Step =>
        (history) =>
          history.start(id),
    ),
  },
  {
    weight: 2,
    arbitrary: broker.map(
      (id): Step =>
        (history) =>
          history.stop(id),
    ),
  },
  {
    weight: 1,
    arbitrary: broker.map(
      (id): Step =>
        (history) =>
          history.askToShutDown(id),
    ),
  },
  {
    weight: 5,
    arbitrary: broker.map(
      (id): Step =>
        (history) =>
          history.alterIsr(id, true),
    ),
  },
  {
    weight: 2,
    arbitrary: broker.map(
      (id): Step =>
        (history) =>
          history.alterIsr(id, false),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((history) => history.preferredElection()) },
  { weight: 1, arbitrary: fc.constant<Step>((history) => history.newController()) },
);

function forAllHistories(check: (history: PartitionHistory, before: PartitionHistory['current']) => void): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const history = new PartitionHistory();
      for (const take of steps) {
        const before = history.current;
        take(history);
        check(history, before);
      }
    }),
    { numRuns: 1000 },
  );
}

describe('a partition over time', () => {
  it('keeps what was acknowledged, as long as one of those in sync has it', () => {
    let choices = 0;
    forAllHistories((history) => {
      expect(history.losses).toEqual([]);
      choices += history.choices;
    });
    expect(choices).toBeGreaterThan(0);
  });

  it('has its leader in an ISR that is never empty, and epochs that never fall', () => {
    forAllHistories(({ current }, before) => {
      expect(current.isr.length).toBeGreaterThan(0);
      if (current.leader !== undefined) expect(current.isr).toContain(current.leader);
      expect(current.leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch);
      expect(current.partitionEpoch).toBeGreaterThanOrEqual(before.partitionEpoch);
      if (current.leader !== before.leader) expect(current.leaderEpoch).toBeGreaterThan(before.leaderEpoch);
      if (current !== before) expect(current.partitionEpoch).toBeGreaterThan(before.partitionEpoch);
    });
  });

  it('has a leader again once all brokers are back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const history = new PartitionHistory();
        for (const take of steps) take(history);
        for (const id of [1, 2, 3].map(brokerId)) history.stop(id);
        for (const id of [1, 2, 3].map(brokerId)) history.start(id);
        expect(history.current.leader).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });
});
