import type { Leadership } from '../partition/leadership.ts';
import type { LowWatermarkWait, Partition } from '../partition/partition.ts';
import type { Deadlines, Expiring } from '../waits/deadlines.ts';

export type LowWatermarkWaiting = {
  readonly deadlines: Deadlines;
  readonly timeoutMs: number;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
};

/** How a wait has ended. `over`: the broker does not lead in that epoch any more. */
export type LowWatermarkReached = 'reached' | 'late' | 'over';

/** Waits until the low watermark of a leadership is at `to`. */
export async function lowWatermarkAt(
  partition: Partition,
  leadership: Leadership,
  to: number,
  { deadlines, timeoutMs, signal }: LowWatermarkWaiting,
): Promise<LowWatermarkReached> {
  const { promise, resolve } = Promise.withResolvers<LowWatermarkReached>();
  const check = (): void => {
    if (partition.leadership !== leadership) resolve('over');
    else if (leadership.lowWatermark >= to) resolve('reached');
  };
  const giveUp = (): void => resolve('late');
  const wait: LowWatermarkWait & Expiring = { onChange: check, expire: giveUp };
  partition.lowWatermarkWaits.add(wait);
  const bucket = deadlines.add(wait, timeoutMs);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  check();
  try {
    return await promise;
  } finally {
    partition.lowWatermarkWaits.delete(wait);
    deadlines.remove(wait, bucket);
    signal.removeEventListener('abort', giveUp);
  }
}
