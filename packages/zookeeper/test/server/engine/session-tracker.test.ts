import { SimulatedClock } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { SessionTracker } from '../../../src/server/engine/session-tracker.ts';

const TICK_MS = 2000;
const tracker = (clock: SimulatedClock, known: ReadonlyMap<bigint, number> = new Map()) =>
  new SessionTracker<string>({ clock, tickTimeMs: TICK_MS, serverId: 1 }, known);

describe('SessionTracker', () => {
  it('counts ids up', () => {
    const sessions = tracker(new SimulatedClock());
    const first = sessions.create(5000);
    expect(sessions.create(5000).id).toBe(first.id + 1n);
    expect(sessions.find(first.id)).toBe(first);
  });

  it('gives the sessions that it finds their whole timeout', () => {
    const clock = new SimulatedClock();
    clock.advanceBy(100_000);
    const sessions = tracker(clock, new Map([[5n, 3000]]));
    clock.advanceBy(3999);
    expect(sessions.takeExpired()).toEqual([]);
    clock.advanceBy(1);
    expect(sessions.takeExpired()).toMatchObject([{ id: 5n }]);
    expect(sessions.find(5n)).toBeUndefined();
  });

  it('lets no session expire that was removed', () => {
    const clock = new SimulatedClock();
    const sessions = tracker(clock);
    sessions.remove(sessions.create(3000));
    clock.advanceBy(100_000);
    expect(sessions.takeExpired()).toEqual([]);
  });
});
