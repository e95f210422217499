import { brokerId } from '@barnabas/model';
import { seededRandom } from '@barnabas/testkit';
import { decodeTopic, encodeTopic } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { addPartitions } from '../../src/placement/add-partitions.ts';
import { newTopic } from '../../src/placement/new-topic.ts';

const brokers = [3, 1, 2].map((id) => ({ id: brokerId(id), rack: undefined }));
const replicasOf = (partitions: ReadonlyMap<number, { readonly replicas: readonly number[] }>) =>
  Array.from(partitions, ([partition, { replicas }]) => [partition, ...replicas]);

describe('newTopic', () => {
  it('begins where chance says, and says the same for the same seed', () => {
    const heads = Array.from({ length: 40 }, (_, seed) =>
      newTopic(brokers, 1, 2, seededRandom(seed)).partitions.get(0),
    );
    expect(new Set(heads.map((assignment) => assignment?.replicas.join())).size).toBe(6);
    expect(newTopic(brokers, 5, 2, seededRandom(7))).toEqual(newTopic(brokers, 5, 2, seededRandom(7)));
  });

  it('takes brokers by id, in whatever order they come', () => {
    expect(newTopic(brokers.toReversed(), 6, 3, seededRandom(1))).toEqual(newTopic(brokers, 6, 3, seededRandom(1)));
  });

  it('gives an id that the topic znode can hold, another one each time', () => {
    const random = seededRandom(1);
    const [one, other] = [newTopic(brokers, 2, 2, random), newTopic(brokers, 2, 2, random)];
    expect(one.topicId).not.toBe(other.topicId);
    expect(decodeTopic('t', encodeTopic(one))).toEqual(one);
  });

  it('says that the factor is too large where there is no broker at all', () => {
    expect(() => newTopic([], 1, 1, seededRandom(1))).toThrow(
      expect.objectContaining({ error: 'INVALID_REPLICATION_FACTOR' }),
    );
  });
});

describe('addPartitions', () => {
  const settledAt = (...replicas: readonly number[]) => ({
    replicas: replicas.map(brokerId),
    addingReplicas: [],
    removingReplicas: [],
  });

  it('goes on from the broker of the first replica', () => {
    const existing = new Map([[0, settledAt(2, 3)]]);
    expect(replicasOf(addPartitions(existing, brokers, 4))).toEqual([
      [1, 3, 2],
      [2, 1, 3],
      [3, 2, 3],
    ]);
  });

  it('begins at the next higher broker where that one is gone, else at the first', () => {
    const present = [1, 3].map((id) => ({ id: brokerId(id), rack: undefined }));
    expect(replicasOf(addPartitions(new Map([[0, settledAt(2)]]), present, 2))).toEqual([[1, 1]]);
    expect(replicasOf(addPartitions(new Map([[0, settledAt(9)]]), present, 2))).toEqual([[1, 3]]);
  });

  it('refuses what is no increase, and a topic without partition 0', () => {
    const existing = new Map([
      [0, settledAt(1)],
      [1, settledAt(2)],
    ]);
    for (const partitions of [1, 2]) {
      expect(() => addPartitions(existing, brokers, partitions)).toThrow(
        expect.objectContaining({ error: 'INVALID_PARTITIONS' }),
      );
    }
    expect(() => addPartitions(new Map([[1, settledAt(1)]]), brokers, 3)).toThrow(
      expect.objectContaining({ error: 'UNKNOWN_SERVER_ERROR' }),
    );
  });
});
