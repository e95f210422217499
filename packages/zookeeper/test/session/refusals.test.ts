import { describe, expect, it } from 'vitest';
import { scriptedSession, settled } from '../support/scripted-session.ts';

describe('calls that a session refuses', () => {
  it.each([
    'suspended',
    'lost',
  ])('leave their turn to others, where they are made again and again while it is %s', async (state) => {
    const { link, scheduler, session } = await scriptedSession();
    if (state === 'suspended') link.cut('reset');
    else link.end('SESSION_EXPIRED', 'of the test');
    let refusals = 0;
    let isOver = false;
    const looping = (async () => {
      while (!isOver) await session.get('/a').catch(() => refusals++);
    })();
    await scheduler.advanceBy(50);
    expect(refusals).toBeGreaterThan(10);
    expect(refusals).toBeLessThanOrEqual(50);
    isOver = true;
    await scheduler.advanceBy(1);
    await looping;
  });

  it('leave their turn to others while too many wait', async () => {
    const { scheduler, session } = await scriptedSession({ limits: { maxInFlight: 1, maxQueued: 0 } });
    session.sync('/').catch(() => {});
    let refusals = 0;
    let isOver = false;
    const looping = (async () => {
      while (!isOver) await session.get('/a').catch(() => refusals++);
    })();
    await scheduler.advanceBy(50);
    expect(refusals).toBeLessThanOrEqual(50);
    isOver = true;
    await scheduler.advanceBy(1);
    await looping;
  });

  it('share one timer, and are told in the order of the calls', async () => {
    const { link, scheduler, session } = await scriptedSession();
    link.cut('reset');
    await settled();
    const timers = scheduler.pendingTimers;
    const told: number[] = [];
    for (let call = 0; call < 1000; call++) session.get('/a').catch(() => told.push(call));
    expect(scheduler.pendingTimers).toBe(timers + 1);
    await scheduler.advanceBy(1);
    expect(told).toEqual(Array.from({ length: 1000 }, (_, call) => call));
  });

  it('are told before what is asked once it is connected', async () => {
    const { link, session } = await scriptedSession();
    link.cut('reset');
    const told: string[] = [];
    session.delete('/a', 0).catch(() => told.push('/a'));
    link.connect(0);
    const answered = session.delete('/b', 0).then(() => told.push('/b'));
    link.answer({ type: 'reply', reply: { op: 'delete' } });
    await answered;
    expect(told).toEqual(['/a', '/b']);
  });
});
