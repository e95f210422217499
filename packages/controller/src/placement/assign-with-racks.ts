/**
 * Placement over racks. Leaders go around the brokers in rack-alternated order. A follower is the next broker behind the
 * leader that is in a rack without a replica of the partition; once every rack has one, the next broker without a replica.
 * So no rack has two replicas of a partition while another rack has none.
 *
 * Source: Kafka's AdminUtils, KIP-36.
 */
import type { BrokerId } from '@barnabas/model';
import type { Placement, PlacementStart, RackBroker } from './placement-broker.ts';
import { rackAlternatedBrokers } from './rack-alternated-brokers.ts';
import { followerIndex, itemAt, type Turn, turns } from './rounds.ts';

/** Needs `replicationFactor` different brokers at least. */
export function assignWithRacks(
  brokers: readonly RackBroker[],
  partitions: number,
  replicationFactor: number,
  start: PlacementStart,
): Placement {
  const alternated = rackAlternatedBrokers(brokers);
  const rackCount = new Set(brokers.map(({ rack }) => rack)).size;
  return new Map(
    Array.from(turns(partitions, alternated.length, start), (turn) => [
      turn.partition,
      replicasOf(turn, alternated, rackCount, replicationFactor),
    ]),
  );
}

function replicasOf(
  turn: Turn,
  brokers: readonly RackBroker[],
  rackCount: number,
  replicationFactor: number,
): BrokerId[] {
  const leader = itemAt(brokers, turn.leaderIndex);
  const replicas = new Set([leader.id]);
  const racks = new Set([leader.rack]);
  for (let nth = 0; replicas.size < replicationFactor; nth++) {
    const next = itemAt(brokers, followerIndex(turn.leaderIndex, turn.shift * rackCount, nth, brokers.length));
    if (racks.has(next.rack) && racks.size < rackCount) continue;
    replicas.add(next.id);
    racks.add(next.rack);
  }
  return [...replicas];
}
