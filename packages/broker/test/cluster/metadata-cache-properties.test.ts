import { KafkaError } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterImage } from '../../src/cluster/cluster-image.ts';
import {
  broker,
  ID_A,
  ID_B,
  newCache,
  type PartitionState,
  partition,
  topic,
  updateMetadata,
} from '../support/update-metadata.ts';

const state: fc.Arbitrary<PartitionState> = fc
  .record({ index: fc.nat(2), leader: fc.constantFrom(1, 2, -1, -2), leaderEpoch: fc.nat(5), zkVersion: fc.nat(3) })
  .map(({ index, ...rest }) => partition(index, rest));

const topicState = fc
  .record({
    name: fc.constantFrom('t', 'u'),
    id: fc.constantFrom(ID_A, ID_B, 'AAAAAAAAAAAAAAAAAAAAAw', undefined),
    states: fc.array(state, { minLength: 1, maxLength: 3 }),
  })
  // An id belongs to one name.
  .map(({ name, id, states }) => topic(name, name === 'u' ? id?.replace('AAAA', 'uuuu') : id, ...states));

const request = fc
  .record({
    controllerId: fc.constantFrom(1, 2, -1),
    controllerEpoch: fc.nat(3),
    brokerEpoch: fc.constantFrom(99n, 100n, 101n),
    liveBrokers: fc.subarray([1, 2, 3]).map((ids) => ids.map(broker)),
    topicStates: fc.array(topicState, { maxLength: 3 }),
    type: fc.constantFrom(0, 2),
  })
  .map((fields) => updateMetadata(fields));

describe('MetadataCache, told anything in any order', () => {
  it('has an image that agrees with itself and never changes, and a controller epoch that never falls', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const { cache, fence } = newCache();
        let lastEpoch = fence.lastEpoch;
        for (const each of requests) {
          const before = cache.image;
          const copy = structuredClone(before);
          const isStale = each.brokerEpoch < 100n || each.controllerEpoch < lastEpoch;
          expect(refuses(() => cache.update(each))).toBe(isStale);
          expect(before).toEqual(copy);
          if (isStale) expect(cache.image).toBe(before);
          expect(fence.lastEpoch).toBe(isStale ? lastEpoch : each.controllerEpoch);
          lastEpoch = fence.lastEpoch;
          expectConsistent(cache.image);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function expectConsistent({ controllerId, brokers, topics, topicNames }: ClusterImage): void {
  if (controllerId !== undefined) expect(brokers.has(controllerId)).toBe(true);
  for (const [name, { name: own, partitions }] of topics) {
    expect(own).toBe(name);
    expect(partitions.size).toBeGreaterThan(0);
  }
  const names = [...topics.values()].flatMap(({ topicId, name }) => (topicId === undefined ? [] : [[topicId, name]]));
  expect([...topicNames].toSorted()).toEqual(names.toSorted());
}

function refuses(attempt: () => void): boolean {
  try {
    attempt();
    return false;
  } catch (error) {
    if (error instanceof KafkaError) return true;
    throw error;
  }
}
