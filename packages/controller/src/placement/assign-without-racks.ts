import type { BrokerId } from '@barnabas/model';
import type { Placement, PlacementStart } from './placement-broker.ts';
import { followerIndex, itemAt, type Turn, turns } from './rounds.ts';

/** Places each partition on `replicationFactor` brokers, in the order in which the brokers are given. */
export function assignWithoutRacks(
  brokers: readonly BrokerId[],
  partitions: number,
  replicationFactor: number,
  start: PlacementStart,
): Placement {
  const replicasOf = ({ leaderIndex, shift }: Turn): BrokerId[] => {
    const followers = Array.from({ length: replicationFactor - 1 }, (_, nth) =>
      itemAt(brokers, followerIndex(leaderIndex, shift, nth, brokers.length)),
    );
    return [itemAt(brokers, leaderIndex), ...followers];
  };
  return new Map(Array.from(turns(partitions, brokers.length, start), (turn) => [turn.partition, replicasOf(turn)]));
}
