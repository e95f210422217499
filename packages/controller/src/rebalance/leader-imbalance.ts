import type { BrokerId, TopicPartition } from '@barnabas/model';
import { electPreferred } from '../election/elect-preferred.ts';
import type { PartitionView } from '../election/partition-view.ts';

export type LeaderImbalance = {
  /** The preferred leader. */
  readonly broker: BrokerId;
  /** Which part of the partitions that it should lead it does not lead, from 0 to 1. */
  readonly ratio: number;
  /** Those of them that it can lead now, in the order given. */
  readonly toElect: readonly TopicPartition[];
};

export type LedPartition = { readonly partition: TopicPartition; readonly view: PartitionView };

/**
 * The brokers that lead too few of the partitions that they are the preferred leader of, each with those to elect it for.
 *
 * @param partitions all that have a state, without those that are about to be deleted
 * @param percentage `leader.imbalance.per.broker.percentage`: a broker is in the list where its ratio is above it
 *
 * Source: Kafka's checkAndTriggerAutoLeaderRebalance.
 */
export function leaderImbalances(partitions: Iterable<LedPartition>, percentage: number): readonly LeaderImbalance[] {
  const byPreferred = Map.groupBy(partitions, ({ view }) => view.assignment[0]);
  return Array.from(byPreferred, ([broker, preferred]) =>
    broker === undefined ? [] : [imbalanceOf(broker, preferred)],
  )
    .flat()
    .filter(({ ratio }) => ratio > percentage / 100)
    .toSorted((a, b) => a.broker - b.broker);
}

function imbalanceOf(broker: BrokerId, preferred: readonly LedPartition[]): LeaderImbalance {
  const astray = preferred.filter(({ view }) => view.current.leader !== broker);
  const toElect = astray.filter(({ view }) => electPreferred(view).kind === 'elected');
  return { broker, ratio: astray.length / preferred.length, toElect: toElect.map(({ partition }) => partition) };
}
