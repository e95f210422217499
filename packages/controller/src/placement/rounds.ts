/**
 * The order in which Kafka goes around the brokers. Leaders take one broker after the other. The followers of a partition
 * are the brokers behind its leader, those of the first round `shift` further on; each whole round shifts them by one more,
 * so that the partitions of one leader do not all have the same followers.
 *
 * Source: Kafka's AdminUtils.
 */
import type { PlacementStart } from './placement-broker.ts';

/** One partition to place. */
export type Turn = { readonly partition: number; readonly leaderIndex: number; readonly shift: number };

/** The partitions to place, in order, over `brokerCount` brokers. */
export function* turns(partitions: number, brokerCount: number, start: PlacementStart): Iterable<Turn> {
  let { shift } = start;
  for (let placed = 0; placed < partitions; placed++) {
    const partition = start.startPartitionId + placed;
    if (partition > 0 && partition % brokerCount === 0) shift++;
    yield { partition, leaderIndex: (partition + start.startIndex) % brokerCount, shift };
  }
}

/** Index of the broker that follows as number `nth` (from 0) behind the leader; never the leader's own. Needs two brokers. */
export function followerIndex(leaderIndex: number, shift: number, nth: number, brokerCount: number): number {
  return (leaderIndex + 1 + ((shift + nth) % (brokerCount - 1))) % brokerCount;
}

/** The item at an index that is known to be inside. */
export function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`index ${index} is outside of a list of ${items.length}`);
  return item;
}
