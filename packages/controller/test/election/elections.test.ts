import { describe, expect, it } from 'vitest';
import { isElectionNeeded } from '../../src/election/asked-election.ts';
import { electForControlledShutdown } from '../../src/election/elect-for-controlled-shutdown.ts';
import { electForOffline } from '../../src/election/elect-for-offline.ts';
import { electForReassignment } from '../../src/election/elect-for-reassignment.ts';
import { electPreferred } from '../../src/election/elect-preferred.ts';
import type { Election } from '../../src/election/election.ts';
import { CLEAN, UNCLEAN } from '../support/arbitrary-view.ts';
import { ids, logEnds, view } from '../support/views.ts';

/** What came of it, in short. */
function inShort(election: Election): unknown {
  if (election.kind === 'askLogEnds') return { ask: election.of };
  if (election.kind === 'notElected') return election.why;
  const { leader, isr, isRecovering } = election.next;
  return { leader, isr, ...(isRecovering && { isRecovering }), ...(election.isUnclean && { isUnclean: true }) };
}

const NONE = { why: 'noneIsEligible', kind: 'notElected' };

describe('electForOffline', () => {
  const clean = (facts: Parameters<typeof view>[0]) => inShort(electForOffline(view(facts), CLEAN));
  const unclean = (facts: Parameters<typeof view>[0]) => inShort(electForOffline(view(facts), UNCLEAN));

  it('elects the first live one of the ISR in the order of the assignment, and keeps the live ones in sync', () => {
    expect(clean({ isr: [3, 2, 1], live: [2, 3] })).toEqual({ leader: 2, isr: [3, 2] });
  });

  it('raises the leader epoch and keeps the partition epoch', () => {
    const election = electForOffline(view({ isr: [1], live: [1] }), CLEAN);
    expect(election).toMatchObject({ next: { leaderEpoch: 6, partitionEpoch: 9 } });
  });

  it('elects nobody from outside of the ISR unless that is allowed', () => {
    expect(clean({ isr: [1], live: [2, 3] })).toBe('isrIsOffline');
    expect(unclean({ isr: [1], live: [3, 2] })).toEqual({ leader: 2, isr: [2], isRecovering: true, isUnclean: true });
  });

  it('elects cleanly where it can, even if it need not', () => {
    expect(unclean({ isr: [3], live: [1, 3] })).toEqual({ leader: 3, isr: [3] });
  });

  it('says so where no replica is live', () => {
    expect(clean({ isr: [1, 2], live: [7] })).toBe('noReplicaIsLive');
    expect(unclean({ isr: [1, 2], live: [7] })).toBe('noReplicaIsLive');
  });

  it('passes over those that are shutting down', () => {
    expect(clean({ isr: [1, 2], live: [2], shuttingDown: [1] })).toEqual({ leader: 2, isr: [2] });
  });

  it('takes marked brokers out of the ISR where another one of it is live', () => {
    expect(clean({ isr: [1, 2, 3], live: [1, 2, 3], marked: [1, 3] })).toEqual({ leader: 2, isr: [2] });
  });

  it('waits for one that may return without a mark', () => {
    expect(clean({ isr: [1, 2], live: [1, 3], marked: [1] })).toBe('isrIsUnclean');
  });

  it('does not wait for a marked one that is back and cannot use its replica', () => {
    const facts = { isr: [1, 2, 3], live: [1, 2], failed: [3] };
    expect(clean({ ...facts, marked: [1, 2, 3] })).toEqual({ ask: ids(1, 2) });
    expect(clean({ ...facts, marked: [1, 2] })).toBe('isrIsUnclean');
  });

  it('asks all of the ISR where all are back and marked', () => {
    expect(clean({ isr: [3, 1], live: [1, 2, 3], marked: [1, 3] })).toEqual({ ask: ids(1, 3) });
    const oneAnswer = electForOffline(view({ isr: [3, 1], live: [1, 3], marked: [1, 3] }), {
      allowUnclean: true,
      logEnds: logEnds([1, 4, 10]),
    });
    expect(inShort(oneAnswer)).toEqual({ ask: ids(1, 3) });
  });

  it.each([
    ['the later epoch', [1, 3, 99], [3, 4, 10], 3],
    ['the greater end in the same epoch', [1, 4, 11], [3, 4, 10], 1],
    ['the earlier in the assignment among equals', [1, 4, 10], [3, 4, 10], 1],
  ] as const)('elects among marked ones %s, alone in sync', (_, one, other, leader) => {
    const marked = view({ isr: [3, 1], live: [1, 2, 3], marked: [1, 3] });
    const election = electForOffline(marked, { allowUnclean: false, logEnds: logEnds([...one], [...other]) });
    expect(inShort(election)).toEqual({ leader, isr: [leader] });
  });

  it('need not ask a marked broker that is the whole ISR', () => {
    expect(clean({ isr: [2], live: [1, 2, 3], marked: [2] })).toEqual({ leader: 2, isr: [2] });
  });

  it('takes, where unclean election is allowed, a marked one of the ISR first, then one without a mark', () => {
    const outcome = (leader: number) => ({ leader, isr: [leader], isRecovering: true, isUnclean: true });
    expect(unclean({ isr: [2, 3], live: [1, 2], marked: [2] })).toEqual(outcome(2));
    expect(unclean({ isr: [3], live: [1, 2], marked: [1] })).toEqual(outcome(2));
    expect(unclean({ isr: [3], live: [1, 2], marked: [1, 2] })).toEqual(outcome(1));
  });
});

describe('electForReassignment', () => {
  it('elects the first of the target that is live and in sync, and leaves the ISR as it is', () => {
    const moving = view({ assignment: [4, 5, 1, 2], leader: 1, isr: [1, 2, 5], live: [1, 2, 4, 5] });
    expect(inShort(electForReassignment(ids(4, 5), moving))).toEqual({ leader: 5, isr: [1, 2, 5] });
  });

  it('elects nobody of the target that is gone, out of sync or marked', () => {
    const moving = view({ assignment: [4, 5, 6, 1], leader: 1, isr: [1, 5, 6], live: [1, 4, 6], marked: [6] });
    expect(electForReassignment(ids(4, 5, 6), moving)).toEqual(NONE);
  });
});

describe('electPreferred', () => {
  it('elects the head of the assignment', () => {
    expect(inShort(electPreferred(view({ leader: 2, isr: [2, 1], live: [1, 2] })))).toEqual({ leader: 1, isr: [2, 1] });
  });

  it.each([
    ['gone', { isr: [1, 2], live: [2] }],
    ['out of sync', { isr: [2], live: [1, 2] }],
    ['marked', { isr: [1, 2], live: [1, 2], marked: [1] }],
  ])('elects nobody else where that one is %s', (_, facts) => {
    expect(electPreferred(view({ leader: 2, ...facts }))).toEqual(NONE);
  });

  it('takes marked ones out of the ISR', () => {
    const election = electPreferred(view({ leader: 2, isr: [1, 2, 3], live: [1, 2, 3], marked: [3] }));
    expect(inShort(election)).toEqual({ leader: 1, isr: [1, 2] });
  });
});

describe('electForControlledShutdown', () => {
  it('elects another one, and takes all that are shutting down out of the ISR', () => {
    const stopping = view({ assignment: [1, 2, 3, 4], leader: 1, isr: [1, 2, 3], live: [3, 4], shuttingDown: [1, 2] });
    expect(inShort(electForControlledShutdown(stopping))).toEqual({ leader: 3, isr: [3] });
  });

  it('elects nobody where the rest of the ISR is gone or marked', () => {
    const stopping = view({ leader: 1, isr: [1, 2, 3], live: [3], shuttingDown: [1], marked: [3] });
    expect(electForControlledShutdown(stopping)).toEqual(NONE);
  });
});

describe('isElectionNeeded', () => {
  it('is not where the preferred replica leads, or, for an unclean election, any live one', () => {
    const led = view({ leader: 2, isr: [2], live: [1, 2] });
    expect([isElectionNeeded('preferred', led), isElectionNeeded('unclean', led)]).toEqual([true, false]);
    const gone = view({ leader: 1, isr: [1], live: [2] });
    expect([isElectionNeeded('preferred', gone), isElectionNeeded('unclean', gone)]).toEqual([false, true]);
    expect(isElectionNeeded('unclean', view({ isr: [1], live: [2] }))).toBe(true);
  });
});
