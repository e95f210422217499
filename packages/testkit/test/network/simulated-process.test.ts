import { SimulatedClock, SimulatedProcess, SimulatedScheduler } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';

describe('SimulatedProcess', () => {
  it('runs at once what comes in, and timers when they are due', async () => {
    const { process, ran, note, scheduler } = prepared();
    process.after(10, note('timer'));
    process.run(note('input'));
    await scheduler.advanceBy(20);
    expect(ran).toEqual(['input 0', 'timer 10']);
  });

  it('runs what fell due while it stood still when it goes on, in that order', async () => {
    const { process, ran, note, scheduler } = prepared();
    process.after(10, note('timer'));
    scheduler.after(5, () => process.run(note('input')));
    process.pause();
    await scheduler.advanceBy(20);
    expect(ran).toEqual([]);
    process.resume();
    scheduler.after(0, () => process.run(note('later')));
    await scheduler.advanceBy(1);
    expect(ran).toEqual(['input 20', 'timer 20', 'later 20']);
  });

  it('can stop again before it has run all that', async () => {
    const { process, ran, note, scheduler } = prepared();
    process.pause();
    process.run(() => process.pause());
    process.run(note('rest'));
    process.resume();
    await scheduler.advanceBy(10);
    expect(ran).toEqual([]);
    process.resume();
    await scheduler.advanceBy(10);
    expect(ran).toEqual(['rest 10']);
  });

  it('does not run what was cancelled while it stood still', async () => {
    const { process, ran, note, scheduler } = prepared();
    const timer = process.after(10, note('timer'));
    const repeated = process.every(10, note('repeated'));
    process.pause();
    await scheduler.advanceBy(20);
    timer.cancel();
    repeated.cancel();
    process.resume();
    await scheduler.advanceBy(100);
    expect(ran).toEqual([]);
    expect(scheduler.pendingTimers).toBe(0);
  });
});

function prepared() {
  const clock = new SimulatedClock();
  const scheduler = new SimulatedScheduler(clock);
  const ran: string[] = [];
  const note = (name: string) => () => {
    ran.push(`${name} ${clock.steadyMs()}`);
  };
  return { process: new SimulatedProcess(scheduler), ran, note, scheduler };
}
