import { brokerId } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartitionView } from '../../src/election/partition-view.ts';
import { stepOfShutdown } from '../../src/state/controlled-shutdown.ts';
import { settle } from '../../src/state/settle.ts';
import { arbitraryOptions, arbitraryView } from '../support/arbitrary-view.ts';

function forAll(check: (view: PartitionView, settled: ReturnType<typeof settle>) => void): void {
  fc.assert(
    fc.property(arbitraryView, arbitraryOptions, (view, options) => check(view, settle(view, options))),
    { numRuns: 1000 },
  );
}

describe('settle', () => {
  it('leaves an ISR of replicas, never empty, with the leader in it', () => {
    forAll(({ assignment }, { next }) => {
      expect(next.isr.length).toBeGreaterThan(0);
      expect(new Set(next.isr).isSubsetOf(new Set(assignment))).toBe(true);
      if (next.leader !== undefined) expect(next.isr).toContain(next.leader);
    });
  });

  it('raises the leader epoch by one with every change, and by none without', () => {
    forAll(({ current, marked }, { next }) => {
      expect(next.leaderEpoch - current.leaderEpoch).toBe(next === current ? 0 : 1);
      expect(next.partitionEpoch).toBe(current.partitionEpoch);
      // A marked leader that is elected again begins anew: its epoch of before may have seen more.
      if (next === current || (next.leader !== undefined && marked.has(next.leader))) return;
      expect({ ...next, leaderEpoch: 0 }).not.toEqual({ ...current, leaderEpoch: 0 });
    });
  });

  it('leaves only leaders that are there, and says why where there is none', () => {
    forAll(({ live, shuttingDown }, { next, waitsFor }) => {
      expect(waitsFor === undefined).toBe(next.leader !== undefined);
      if (next.leader !== undefined) expect(live.union(shuttingDown)).toContain(next.leader);
    });
  });

  it('leaves nobody in the ISR of a leader that is gone, and nobody marked beside it', () => {
    forAll(({ live, shuttingDown, marked }, { next }) => {
      if (next.leader === undefined) return;
      expect(live.union(shuttingDown).isSupersetOf(new Set(next.isr))).toBe(true);
      const beside = next.isr.filter((id) => id !== next.leader && marked.has(id));
      expect(beside).toEqual([]);
    });
  });

  it('has nothing more to do where it has been done', () => {
    fc.assert(
      fc.property(arbitraryView, arbitraryOptions, (view, options) => {
        const { next } = settle(view, options);
        const marked = new Set([...view.marked].filter((id) => id !== next.leader));
        expect(settle({ ...view, current: next, marked }, options).next).toBe(next);
      }),
    );
  });
});

describe('stepOfShutdown', () => {
  it('leaves the broker without the lead, in a later epoch, or changes nothing', () => {
    fc.assert(
      fc.property(arbitraryView, fc.nat(5).map(brokerId), (view, broker) => {
        const stopping = { ...view, live: new Set([...view.live].filter((id) => id !== broker)) };
        const step = stepOfShutdown({ ...stopping, shuttingDown: new Set([...view.shuttingDown, broker]) }, broker);
        if (step.kind !== 'changed') return;
        expect(step.next.leader).not.toBe(broker);
        expect(step.next.isr.length).toBeGreaterThan(0);
        expect(step.next.leaderEpoch).toBe(view.current.leaderEpoch + 1);
        if (step.next.leader !== undefined) expect(step.next.isr).toContain(step.next.leader);
      }),
    );
  });
});
