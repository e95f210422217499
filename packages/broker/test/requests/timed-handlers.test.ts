import { SimulatedClock } from '@barnabas/testkit';
import type { PeerHandlers } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { NO_METRICS } from '../../src/metrics/broker-metrics.ts';
import { timedHandlers } from '../../src/requests/timed-handlers.ts';
import { contextOf } from '../support/ask.ts';

const REQUEST = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null };

describe('timedHandlers', () => {
  it('tells the metrics how long each request took, and answers as before', async () => {
    const { handlers, timings } = begin({
      Heartbeat: async () => ({ throttleTimeMs: 0, errorCode: 7 }),
    });
    const answer = handlers.Heartbeat?.(REQUEST, contextOf(4));
    expect(timings).toEqual([]);
    expect(await answer).toEqual({ throttleTimeMs: 0, errorCode: 7 });
    expect(timings).toEqual(['Heartbeat 30']);
    expect(handlers.Fetch).toBeUndefined();
  });

  it('times a handler that fails as well', async () => {
    const { handlers, timings } = begin({
      Heartbeat: async () => {
        throw new Error('no');
      },
    });
    await expect(handlers.Heartbeat?.(REQUEST, contextOf(4))).rejects.toThrow('no');
    expect(timings).toEqual(['Heartbeat 30']);
  });
});

/** Each request takes 30 ms. */
function begin({ Heartbeat: answer }: Required<Pick<PeerHandlers, 'Heartbeat'>>) {
  const clock = new SimulatedClock();
  const timings: string[] = [];
  const metrics = {
    ...NO_METRICS,
    requestAnswered: (api: string, durationMs: number) => timings.push(`${api} ${durationMs}`),
  };
  const slow: PeerHandlers = {
    Heartbeat: async (...args) => {
      clock.advanceBy(30);
      return answer(...args);
    },
  };
  return { timings, handlers: timedHandlers(slow, clock, metrics) };
}
