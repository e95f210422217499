import { setTimeout as sleep } from 'node:timers/promises';
import { build, type Histogram } from 'hdr-histogram-js';

/** What is done again and again; rejects where it is not acknowledged. @param at counts from 0 */
export type Act = (at: number) => Promise<unknown>;

export type Load = {
  readonly count: number;
  readonly seconds: number;
  /** Of each act, in microseconds. */
  readonly latencies: Histogram;
};

const LONGEST_US = 60_000_000;

/** As many acts as can be done in a time, with `inFlight` of them under way. */
export async function closedLoop(act: Act, inFlight: number, durationMs: number): Promise<Load> {
  const latencies = histogram();
  const startMs = performance.now();
  let count = 0;
  const goOn = async (): Promise<void> => {
    for (let beganMs = startMs; beganMs - startMs < durationMs; ) {
      await act(count++);
      const nowMs = performance.now();
      record(latencies, nowMs - beganMs);
      beganMs = nowMs;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, goOn));
  return { count, seconds: (performance.now() - startMs) / 1000, latencies };
}

/**
 * `perSecond` acts for a time, whether those before are done or not; each latency counts from when the act was due, so
 * that what waits because others are slow, or because this process is, counts in full; a timer's millisecond, too.
 */
export async function openLoop(act: Act, perSecond: number, durationMs: number): Promise<Load> {
  const latencies = histogram();
  const total = Math.max(1, Math.round((perSecond * durationMs) / 1000));
  const startMs = performance.now();
  const running: Promise<void>[] = [];
  for (let at = 0; at < total; at++) {
    const dueMs = startMs + (at * 1000) / perSecond;
    const aheadMs = dueMs - performance.now();
    // Not in a loop without a pause: the brokers need the processor.
    if (aheadMs > 0) await sleep(aheadMs);
    running.push(act(at).then(() => record(latencies, performance.now() - dueMs)));
  }
  await Promise.all(running);
  return { count: total, seconds: (performance.now() - startMs) / 1000, latencies };
}

export const histogram = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: LONGEST_US, numberOfSignificantValueDigits: 3 });

export const record = (latencies: Histogram, ms: number): void =>
  latencies.recordValue(Math.min(LONGEST_US, Math.max(1, Math.round(ms * 1000))));

/** In milliseconds. */
export const latencyMs = (latencies: Histogram, percentile: number): number =>
  latencies.getValueAtPercentile(percentile) / 1000;
