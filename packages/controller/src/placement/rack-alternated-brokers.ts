import type { RackBroker } from './placement-broker.ts';

/**
 * The brokers so ordered that neighbours are in different racks: the first of each rack, then the second of each, and so
 * on; racks by name, the brokers of a rack by id. Racks `a: 0, 1, 2` and `b: 3, 4` give 0, 3, 1, 4, 2.
 *
 * Source: Kafka's AdminUtils.getRackAlternatedBrokerList.
 */
export function rackAlternatedBrokers(brokers: readonly RackBroker[]): readonly RackBroker[] {
  const racks = Map.groupBy(
    brokers.toSorted((a, b) => a.id - b.id),
    ({ rack }) => rack,
  );
  const byName = Array.from(racks).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const deepest = Math.max(...byName.map(([, members]) => members.length));
  return Array.from({ length: deepest }, (_, depth) => byName.flatMap(([, members]) => members[depth] ?? [])).flat();
}
