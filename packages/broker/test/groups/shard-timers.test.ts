import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { ShardTimers } from '../../src/groups/shard-timers.ts';

const DAY_MS = 86_400_000;

function timersAt() {
  const clock = new SimulatedClock();
  const scheduler = new SimulatedScheduler(clock);
  const due: string[] = [];
  const startMs = clock.nowMs();
  const onDue = (key: string, nowMs: number) => due.push(`${key} at ${nowMs - startMs}`);
  return { clock, scheduler, due, startMs, timers: new ShardTimers({ clock, scheduler, onDue }) };
}

describe('the timers of a shard', () => {
  it('come when they are due, each once', async () => {
    const { scheduler, due, startMs, timers } = timersAt();
    timers.set('b', startMs + 200);
    timers.set('a', startMs + 100);
    timers.set('past', startMs - 5);
    await scheduler.advanceBy(1000);
    expect(due).toEqual(['past at 0', 'a at 100', 'b at 200']);
    expect(scheduler.pendingTimers).toBe(0);
  });

  it('count from anew when they are set again, and do not come when they are called off', async () => {
    const { scheduler, due, startMs, timers } = timersAt();
    timers.set('a', startMs + 100);
    timers.set('a', startMs + 300);
    timers.set('b', startMs + 100);
    timers.cancel('b');
    await scheduler.advanceBy(1000);
    expect(due).toEqual(['a at 300']);
  });

  it('are all over once they are called off together', async () => {
    const { scheduler, due, startMs, timers } = timersAt();
    timers.set('a', startMs + 100);
    timers.set('b', startMs + 40 * DAY_MS);
    timers.cancelAll();
    expect(scheduler.pendingTimers).toBe(0);
    await scheduler.advanceBy(1000);
    expect(due).toEqual([]);
  });

  it('may lie further ahead than a timer of the system can', async () => {
    const { scheduler, due, startMs, timers } = timersAt();
    timers.set('a', startMs + 60 * DAY_MS);
    await scheduler.advanceBy(60 * DAY_MS - 1);
    expect(due).toEqual([]);
    await scheduler.advanceBy(1);
    expect(due).toEqual([`a at ${60 * DAY_MS}`]);
  });
});
