import { SimulatedClock, SimulatedDisk, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';

describe('SimulatedClock', () => {
  it('stands still until moved', () => {
    const clock = new SimulatedClock(1000);
    expect([clock.nowMs(), clock.steadyMs()]).toEqual([1000, 0]);
    clock.advanceBy(1.5);
    expect([clock.nowMs(), clock.steadyMs()]).toEqual([1001, 1.5]);
    expect(() => clock.advanceBy(-1)).toThrow(RangeError);
  });

  it('jumps the wall clock alone', () => {
    const clock = new SimulatedClock(1000);
    clock.jumpWallBy(-600);
    expect([clock.nowMs(), clock.steadyMs()]).toEqual([400, 0]);
  });
});

describe('SimulatedScheduler', () => {
  it('runs what falls due in the order of time, then of setting, at the time it was due', async () => {
    const { clock, scheduler } = prepared();
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} ${clock.steadyMs()}`);
    scheduler.after(20, note('b'));
    scheduler.after(10, note('a'));
    scheduler.after(20, note('c'));
    scheduler.after(31, note('late'));
    await scheduler.advanceBy(30);
    expect(ran).toEqual(['a 10', 'b 20', 'c 20']);
    expect([clock.steadyMs(), scheduler.pendingTimers]).toEqual([30, 1]);
  });

  it('runs what a task sets, if it falls due meanwhile', async () => {
    const { clock, scheduler } = prepared();
    const ran: number[] = [];
    scheduler.after(10, () => scheduler.after(5, () => ran.push(clock.steadyMs())));
    await scheduler.advanceBy(15);
    expect(ran).toEqual([15]);
  });

  it('repeats until cancelled, also from within the task', async () => {
    const { clock, scheduler } = prepared();
    const ran: number[] = [];
    const timer = scheduler.every(10, () => {
      ran.push(clock.steadyMs());
      if (ran.length === 3) timer.cancel();
    });
    await scheduler.advanceBy(100);
    expect(ran).toEqual([10, 20, 30]);
    expect(scheduler.pendingTimers).toBe(0);
  });

  it('does not run what was cancelled', async () => {
    const { scheduler } = prepared();
    let ran = false;
    const timer = scheduler.after(10, () => {
      ran = true;
    });
    timer.cancel();
    await scheduler.advanceBy(20);
    expect(ran).toBe(false);
  });

  it('lets a simulated disk come to rest before time goes on', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const clock = new SimulatedClock();
    const scheduler = new SimulatedScheduler(clock, () => disk.settled());
    const files = disk.newProcess();
    const endedAtMs: number[] = [];
    scheduler.after(10, async () => {
      await files.makeDirectory('/a');
      await files.open('/a/b', 'write');
      endedAtMs.push(clock.steadyMs());
    });
    scheduler.after(11, () => {});
    await scheduler.advanceBy(20);
    expect(endedAtMs).toEqual([10]);
  });
});

function prepared(): { clock: SimulatedClock; scheduler: SimulatedScheduler } {
  const clock = new SimulatedClock();
  return { clock, scheduler: new SimulatedScheduler(clock) };
}
