import { brokerId } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignReplicas } from '../../src/placement/assign-replicas.ts';
import type { Placement, PlacementBroker } from '../../src/placement/placement-broker.ts';

type Wish = {
  readonly brokers: readonly PlacementBroker[];
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly start: { readonly startIndex: number; readonly shift: number; readonly startPartitionId: number };
};

const without = (ids: readonly number[]) => ids.map((id) => ({ id: brokerId(id), rack: undefined }));
/** `perRack` brokers in each rack: what a placement is fair on. */
const inRacks = (racks: number, perRack: number) =>
  Array.from({ length: racks * perRack }, (_, id) => ({ id: brokerId(id), rack: `rack-${id % racks}` }));

const wishOf = (brokers: fc.Arbitrary<readonly PlacementBroker[]>): fc.Arbitrary<Wish> =>
  brokers.chain((list) =>
    fc.record({
      brokers: fc.constant(list),
      partitions: fc.integer({ min: 1, max: 40 }),
      replicationFactor: fc.integer({ min: 1, max: list.length }),
      start: fc.record({ startIndex: fc.nat(20), shift: fc.nat(20), startPartitionId: fc.nat(20) }),
    }),
  );

const rackless = wishOf(fc.uniqueArray(fc.nat(100), { minLength: 1, maxLength: 9 }).map(without));
const evenRacks = wishOf(
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 })).map(([r, n]) => inRacks(r, n)),
);
const anyRacks = wishOf(
  fc
    .array(fc.nat(3), { minLength: 1, maxLength: 9 })
    .map((racks) => racks.map((rack, id) => ({ id: brokerId(id), rack: `rack-${rack}` }))),
);
const any = fc.oneof(rackless, anyRacks);

const place = ({ brokers, partitions, replicationFactor, start }: Wish): Placement =>
  assignReplicas(brokers, partitions, replicationFactor, start);

/** By how much the busiest broker is ahead of the least busy one. */
function spread(brokers: readonly PlacementBroker[], placed: readonly number[]): number {
  const counts = brokers.map(({ id }) => placed.filter((other) => other === id).length);
  return Math.max(...counts) - Math.min(...counts);
}

describe('assignReplicas', () => {
  it('gives each partition as many different brokers as it is to have replicas', () => {
    fc.assert(
      fc.property(any, (wish) => {
        const placement = place(wish);
        const { startPartitionId } = wish.start;
        expect([...placement.keys()]).toEqual(Array.from({ length: wish.partitions }, (_, n) => startPartitionId + n));
        const known = new Set(wish.brokers.map(({ id }) => id));
        for (const replicas of placement.values()) {
          expect(replicas).toHaveLength(wish.replicationFactor);
          expect(new Set(replicas).size).toBe(wish.replicationFactor);
          expect(new Set(replicas).isSubsetOf(known)).toBe(true);
        }
      }),
    );
  });

  it('spreads the preferred leaders so that no broker has two more than another', () => {
    fc.assert(
      fc.property(any, (wish) => {
        const leaders = [...place(wish).values()].flatMap(([leader]) => leader ?? []);
        expect(spread(wish.brokers, leaders)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('spreads all replicas evenly over whole rounds of brokers without racks', () => {
    fc.assert(
      fc.property(rackless, (wish) => {
        const { length } = wish.brokers;
        const start = { ...wish.start, startPartitionId: length };
        const placement = place({ ...wish, partitions: length, start });
        expect(spread(wish.brokers, [...placement.values()].flat())).toBe(0);
      }),
    );
  });

  it('uses as many racks as there can be, and none twice more than another that has room', () => {
    fc.assert(
      fc.property(anyRacks, (wish) => {
        const rackOf = new Map(wish.brokers.map(({ id, rack }) => [id, rack]));
        const racks = new Set(rackOf.values()).size;
        for (const replicas of place(wish).values()) {
          const used = new Set(replicas.map((id) => rackOf.get(id)));
          expect(used.size).toBe(Math.min(racks, wish.replicationFactor));
        }
      }),
    );
  });

  it('gives equal racks equally many replicas where each partition has one in each', () => {
    fc.assert(
      fc.property(evenRacks, (wish) => {
        const racks = new Set(wish.brokers.map(({ rack }) => rack)).size;
        const { length } = wish.brokers;
        const start = { ...wish.start, startPartitionId: length };
        const placement = place({ ...wish, partitions: length, replicationFactor: racks, start });
        expect(spread(wish.brokers, [...placement.values()].flat())).toBe(0);
      }),
    );
  });

  it('gives the same for the same, and leaves what it was given as it is', () => {
    fc.assert(
      fc.property(any, (wish) => {
        const before = structuredClone(wish);
        const placement = place(wish);
        expect(wish).toEqual(before);
        expect(place(before)).toEqual(placement);
      }),
    );
  });

  it('shifts the followers by one more after each round of leaders', () => {
    const start = { startIndex: 0, shift: 0, startPartitionId: 0 };
    const placement = assignReplicas(without([1, 2, 3]), 4, 2, start);
    expect([...placement.values()]).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
      [1, 3],
    ]);
  });
});
