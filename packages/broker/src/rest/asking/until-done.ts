import type { KafkaError } from '@barnabas/model';
import type { Door } from '../door/door.ts';
import { nextView } from './next-view.ts';
import type { Patience } from './patience.ts';

/** What came of one attempt. `again`: nothing was done, and it may go better once the cluster has changed. */
export type Attempt<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'again'; readonly error: KafkaError };

export const done = <T>(value: T): Attempt<T> => ({ kind: 'done', value });
export const again = (error: KafkaError): Attempt<never> => ({ kind: 'again', error });

/**
 * Tries until it is done or there is no time left; between two attempts it waits for the cluster to change, or a moment. Once nobody
 * waits any longer there are no more attempts.
 *
 * @throws the last attempt's error where the time is over; whatever `attempt` throws
 */
export async function untilDone<T>(
  door: Door,
  patience: Patience,
  attempt: (remainingMs: number) => Promise<Attempt<T>>,
): Promise<T> {
  for (;;) {
    const { image } = door.cluster;
    const outcome = await attempt(Math.max(1, patience.untilMs - door.clock.steadyMs()));
    if (outcome.kind === 'done') return outcome.value;
    const remainingMs = patience.untilMs - door.clock.steadyMs();
    if (remainingMs <= 0 || patience.signal.aborted) throw outcome.error;
    if (door.cluster.image === image) {
      await nextView(door, Math.min(remainingMs, door.limits.retryDelayMs), patience.signal);
    }
  }
}
