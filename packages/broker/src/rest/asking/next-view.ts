import type { ClusterImage } from '../../cluster/cluster-image.ts';
import type { Door } from '../door/door.ts';
import type { Patience } from './patience.ts';

/** Resolves after the next change of the cluster, after `waitMs`, or when `signal` is aborted, whichever is first. */
export function nextView({ cluster, scheduler }: Door, waitMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || waitMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      timer.cancel();
      stopListening();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = scheduler.after(waitMs, end);
    const stopListening = cluster.onChange(end);
    signal.addEventListener('abort', end);
  });
}

/** What `find` finds in the cluster as soon as it finds something; undefined where that takes too long. */
export async function firstView<T>(
  door: Door,
  { untilMs, signal }: Patience,
  find: (image: ClusterImage) => T | undefined,
): Promise<T | undefined> {
  for (;;) {
    const found = find(door.cluster.image);
    const remainingMs = untilMs - door.clock.steadyMs();
    if (found !== undefined || remainingMs <= 0 || signal.aborted) return found;
    await nextView(door, remainingMs, signal);
  }
}
