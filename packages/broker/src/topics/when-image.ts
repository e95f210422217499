import type { Scheduler } from '@barnabas/model';
import type { ClusterImage, ClusterView } from '../cluster/cluster-image.ts';

export type WaitForImage = {
  readonly timeoutMs: number;
  readonly scheduler: Scheduler;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
};

/** Waits for an image of the cluster of which `holds` is true, and says whether there was one in time. */
export async function whenImage(
  view: ClusterView,
  holds: (image: ClusterImage) => boolean,
  { timeoutMs, scheduler, signal }: WaitForImage,
): Promise<boolean> {
  if (holds(view.image)) return true;
  if (timeoutMs <= 0 || signal.aborted) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const giveUp = (): void => resolve(false);
  const timer = scheduler.after(timeoutMs, giveUp);
  const unsubscribe = view.onChange((image) => {
    if (holds(image)) resolve(true);
  });
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await promise;
  } finally {
    timer.cancel();
    unsubscribe();
    signal.removeEventListener('abort', giveUp);
  }
}
