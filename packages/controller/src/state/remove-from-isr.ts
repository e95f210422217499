import type { BrokerId } from '@barnabas/model';
import { without } from '../election/partition-view.ts';
import { inNextEpoch, type LeaderAndIsr } from '../leader-and-isr.ts';

/**
 * The state without these brokers in the ISR; one that led leads no more. The ISR as a whole stays where nobody would be
 * left: the next leader has to be one of those who were in sync last. The same object where there is nothing to change.
 *
 * Kafka takes them out one after the other, so that of several that went at once only the last one may lead again.
 */
export function removeFromIsr(current: LeaderAndIsr, gone: ReadonlySet<BrokerId>): LeaderAndIsr {
  const rest = without(current.isr, gone);
  const isr = rest.length > 0 ? rest : current.isr;
  const leader = current.leader === undefined || gone.has(current.leader) ? undefined : current.leader;
  if (leader === current.leader && isr.length === current.isr.length) return current;
  return inNextEpoch(current, { leader, isr });
}
