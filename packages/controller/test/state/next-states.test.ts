import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { stepOfShutdown } from '../../src/state/controlled-shutdown.ts';
import { newPartition } from '../../src/state/new-partition.ts';
import { removeFromIsr } from '../../src/state/remove-from-isr.ts';
import { settle } from '../../src/state/settle.ts';
import { CLEAN, UNCLEAN } from '../support/arbitrary-view.ts';
import { idSet, ids, leaderAndIsr, logEnds, view } from '../support/views.ts';

describe('newPartition', () => {
  it('has the first live replica lead, and all live ones in sync', () => {
    expect(newPartition(ids(3, 1, 2), idSet(1, 2, 9))).toEqual({ ...leaderAndIsr(1, [1, 2], 0), partitionEpoch: 0 });
  });

  it('has no state while none is live', () => {
    expect(newPartition(ids(3, 1), idSet(2))).toBeUndefined();
  });
});

describe('removeFromIsr', () => {
  it('takes followers out, in a new epoch', () => {
    expect(removeFromIsr(leaderAndIsr(1, [1, 2, 3]), idSet(2))).toEqual(leaderAndIsr(1, [1, 3], 6));
  });

  it('leaves the partition without a leader where that is taken out', () => {
    expect(removeFromIsr(leaderAndIsr(1, [1, 2]), idSet(1))).toEqual(leaderAndIsr(undefined, [2], 6));
  });

  it('keeps the ISR where nobody would be left', () => {
    expect(removeFromIsr(leaderAndIsr(1, [1]), idSet(1))).toEqual(leaderAndIsr(undefined, [1], 6));
    expect(removeFromIsr(leaderAndIsr(1, [1, 2]), idSet(1, 2))).toEqual(leaderAndIsr(undefined, [1, 2], 6));
  });

  it('gives the same object where there is nothing to change', () => {
    for (const state of [leaderAndIsr(1, [1, 2]), leaderAndIsr(undefined, [3])]) {
      expect(removeFromIsr(state, idSet(3))).toBe(state);
    }
  });
});

describe('settle', () => {
  it('elects another one where the leader has gone', () => {
    const settled = settle(view({ leader: 1, isr: [1, 2, 3], live: [2, 3] }), CLEAN);
    expect(settled).toEqual({ next: leaderAndIsr(2, [2, 3], 6), waitsFor: undefined, isUnclean: false });
  });

  it('takes followers that have gone out of the ISR', () => {
    expect(settle(view({ leader: 1, isr: [1, 2, 3], live: [1, 3] }), CLEAN).next).toEqual(leaderAndIsr(1, [1, 3], 6));
  });

  it('writes nothing where all is well', () => {
    const well = view({ leader: 1, isr: [1, 2], live: [1, 2, 3], marked: [3] });
    expect(settle(well, CLEAN).next).toBe(well.current);
  });

  it('leaves a leader that is shutting down alone', () => {
    const stopping = view({ leader: 1, isr: [1, 2], live: [3], shuttingDown: [1] });
    expect(settle(stopping, CLEAN).next).toEqual(leaderAndIsr(1, [1], 6));
  });

  it('keeps who was in sync where all have gone, and writes it once', () => {
    const gone = view({ leader: 1, isr: [1, 2], live: [3] });
    const { next, waitsFor } = settle(gone, CLEAN);
    expect([next, waitsFor]).toEqual([leaderAndIsr(undefined, [1, 2], 6), { kind: 'notElected', why: 'isrIsOffline' }]);
    expect(settle({ ...gone, current: next }, CLEAN).next).toBe(next);
  });

  it('elects the first one that returns without a mark', () => {
    expect(settle(view({ isr: [1, 2], live: [2, 3] }), CLEAN).next).toEqual(leaderAndIsr(2, [2], 6));
  });

  it('keeps marked ones in the ISR until all are back, then asks them, then elects', () => {
    const half = view({ isr: [1, 2], live: [1], marked: [1] });
    expect(settle(half, CLEAN)).toMatchObject({ next: half.current, waitsFor: { why: 'isrIsUnclean' } });
    const whole = view({ isr: [1, 2], live: [1, 2], marked: [1, 2] });
    expect(settle(whole, CLEAN)).toMatchObject({ next: whole.current, waitsFor: { kind: 'askLogEnds' } });
    const asked = settle(whole, { allowUnclean: false, logEnds: logEnds([1, 3, 5], [2, 3, 6]) });
    expect(asked.next).toEqual(leaderAndIsr(2, [2], 6));
  });

  it('stops a marked leader before it asks where the logs end', () => {
    const bounced = view({ leader: 1, isr: [1, 2], live: [1, 2], marked: [1, 2] });
    expect(settle(bounced, CLEAN)).toMatchObject({
      next: leaderAndIsr(undefined, [1, 2], 6),
      waitsFor: { kind: 'askLogEnds' },
    });
  });

  it('moves the lead away from a marked leader, and takes marked followers out', () => {
    const led = view({ leader: 1, isr: [1, 2], live: [1, 2], marked: [1] });
    expect(settle(led, CLEAN).next).toEqual(leaderAndIsr(2, [2], 6));
    const followed = view({ leader: 1, isr: [1, 2], live: [1, 2], marked: [2] });
    expect(settle(followed, CLEAN).next).toEqual(leaderAndIsr(1, [1], 6));
  });

  it('says where an election was unclean', () => {
    const lost = settle(view({ leader: 1, isr: [1], live: [3] }), UNCLEAN);
    expect(lost).toMatchObject({ next: { leader: 3, isr: [3], isRecovering: true }, isUnclean: true });
  });
});

describe('stepOfShutdown', () => {
  it('hands the lead over', () => {
    const led = view({ leader: 1, isr: [1, 2, 3], live: [2, 3], shuttingDown: [1] });
    expect(stepOfShutdown(led, brokerId(1))).toEqual({ kind: 'changed', next: leaderAndIsr(2, [2, 3], 6) });
  });

  it('says so where nobody else can lead', () => {
    const led = view({ leader: 1, isr: [1], live: [2, 3], shuttingDown: [1] });
    expect(stepOfShutdown(led, brokerId(1))).toEqual({ kind: 'stillLeads' });
  });

  it('takes a follower out of the ISR', () => {
    const followed = view({ leader: 1, isr: [1, 2], live: [1], shuttingDown: [2] });
    expect(stepOfShutdown(followed, brokerId(2))).toEqual({ kind: 'changed', next: leaderAndIsr(1, [1], 6) });
    expect(stepOfShutdown(followed, brokerId(3))).toEqual({ kind: 'nothingToDo' });
  });

  it('leaves a partition with one replica alone', () => {
    const single = view({ assignment: [1], leader: 1, isr: [1], live: [], shuttingDown: [1] });
    expect(stepOfShutdown(single, brokerId(1))).toEqual({ kind: 'nothingToDo' });
  });
});
