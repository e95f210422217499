import type { Scheduler } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { scriptedSession } from '../support/scripted-session.ts';

/** What Node's timers can count. */
const LONGEST_MS = 2 ** 31 - 1;

describe('deadlines', () => {
  it.each([
    2 ** 31,
    2 ** 40,
    Number.POSITIVE_INFINITY,
  ])('of %d ms set no timer that is longer than Node can count', async (deadlineMs) => {
    const clock = new SimulatedClock();
    const simulated = new SimulatedScheduler(clock);
    const delaysMs: number[] = [];
    const scheduler: Scheduler = {
      after: (delayMs, task) => {
        delaysMs.push(delayMs);
        return simulated.after(delayMs, task);
      },
      every: (periodMs, task) => simulated.every(periodMs, task),
    };
    const { link, session } = await scriptedSession({ clock, scheduler });
    const getting = session.get('/a', { deadlineMs }).catch(({ code }) => code);
    link.cut('reset');
    const waiting = session.whenConnected({ deadlineMs });
    link.connect(0);
    await waiting;
    await session.close({ deadlineMs });
    expect(await getting).toBe('CONNECTION_LOSS');
    expect(delaysMs.filter((delayMs) => !(delayMs <= LONGEST_MS))).toEqual([]);
    expect(link.closeDeadlineMs).toBe(LONGEST_MS);
  });

  it('that are not numbers are refused, but for that of close, which does not wait', async () => {
    const { link, session } = await scriptedSession();
    const refusal = { code: 'BAD_ARGUMENTS', outcome: 'refused' };
    await expect(session.get('/a', { deadlineMs: Number.NaN })).rejects.toMatchObject(refusal);
    await expect(session.whenConnected({ deadlineMs: Number.NaN })).rejects.toMatchObject(refusal);
    expect(link.sent).toEqual([]);
    await session.close({ deadlineMs: Number.NaN });
    expect(link.closeDeadlineMs).toBe(0);
  });
});
