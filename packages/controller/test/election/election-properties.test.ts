import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { electForControlledShutdown } from '../../src/election/elect-for-controlled-shutdown.ts';
import { electForOffline } from '../../src/election/elect-for-offline.ts';
import { electForReassignment } from '../../src/election/elect-for-reassignment.ts';
import { electPreferred } from '../../src/election/elect-preferred.ts';
import type { Election } from '../../src/election/election.ts';
import type { PartitionView } from '../../src/election/partition-view.ts';
import { arbitraryOptions, arbitraryView } from '../support/arbitrary-view.ts';

type Elect = (view: PartitionView) => Election;

/** Any of the four, with any options. */
const arbitraryElection: fc.Arbitrary<Elect> = fc.oneof(
  arbitraryOptions.map(
    (options): Elect =>
      (view) =>
        electForOffline(view, options),
  ),
  fc.constantFrom<Elect>(electPreferred, electForControlledShutdown),
  fc.constant<Elect>((view) => electForReassignment(view.assignment.toReversed(), view)),
);

function forAll(check: (view: PartitionView, election: Election) => void): void {
  fc.assert(
    fc.property(arbitraryView, arbitraryElection, (view, elect) => check(view, elect(view))),
    { numRuns: 1000 },
  );
}

describe('every election', () => {
  it('elects a live replica that is not shutting down, and puts it in the ISR', () => {
    forAll(({ assignment, live }, election) => {
      if (election.kind !== 'elected') return;
      const { leader, isr } = election.next;
      expect(live).toContain(leader);
      expect(assignment).toContain(leader);
      expect(isr).toContain(leader);
    });
  });

  it('never adds to the ISR, unless it is unclean: then the leader is all of it, and recovers', () => {
    forAll(({ current }, election) => {
      if (election.kind !== 'elected') return;
      const { leader, isr, isRecovering } = election.next;
      if (election.isUnclean) expect([isr, isRecovering]).toEqual([[leader], true]);
      else expect([new Set(isr).isSubsetOf(new Set(current.isr)), isRecovering]).toEqual([true, current.isRecovering]);
    });
  });

  it('begins the next leader epoch and expects the partition epoch that it saw', () => {
    forAll(({ current }, election) => {
      if (election.kind !== 'elected') return;
      expect(election.next.leaderEpoch).toBe(current.leaderEpoch + 1);
      expect(election.next.partitionEpoch).toBe(current.partitionEpoch);
    });
  });

  it('elects no marked broker while a live one of the ISR has no mark, nor while one may return', () => {
    forAll(({ current, live, failed, marked }, election) => {
      if (election.kind !== 'elected' || !marked.has(election.next.leader) || election.isUnclean) return;
      expect(current.isr.every((id) => (live.has(id) || failed.has(id)) && marked.has(id))).toBe(true);
      expect(election.next.isr).toEqual([election.next.leader]);
    });
  });

  it('keeps no marked broker in sync beside another one', () => {
    forAll(({ marked }, election) => {
      if (election.kind !== 'elected' || election.next.isr.length === 1) return;
      expect(new Set(election.next.isr).isDisjointFrom(marked)).toBe(true);
    });
  });

  it('gives the same for the same, and leaves what it was given as it is', () => {
    fc.assert(
      fc.property(arbitraryView, arbitraryElection, (view, elect) => {
        const before = structuredClone(view);
        const election = elect(view);
        expect(view).toEqual(before);
        expect(elect(before)).toEqual(election);
      }),
    );
  });
});
