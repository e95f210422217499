import { brokerId, controllerEpoch, KafkaError } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { broker, ID_A, ID_B, newCache, partition, topic, updateMetadata } from '../support/update-metadata.ts';

describe('MetadataCache', () => {
  it('knows nothing before it is told', () => {
    expect(newCache().cache.image).toBe(EMPTY_CLUSTER);
  });

  it('takes over brokers, controller and partitions', () => {
    const { cache } = newCache();
    const states = [
      partition(0),
      partition(1, { leader: -1, leaderEpoch: 7, isr: [2], zkVersion: 9, offlineReplicas: [3] }),
    ];
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, ...states)] }));
    const { image } = cache;
    expect(image.controllerId).toBe(1);
    expect(image.brokers.get(brokerId(2))).toEqual({
      id: 2,
      rack: 'rack-2',
      endpoints: [
        { listener: 'PEERS', securityProtocol: 'PLAINTEXT', host: 'b2', port: 9192 },
        { listener: 'REST', securityProtocol: 'SSL', host: 'b2', port: 8082 },
      ],
    });
    expect(image.topicNames).toEqual(new Map([[ID_A, 't']]));
    expect(image.topics.get('t')?.partitions.get(1)).toEqual({
      leader: undefined,
      leaderEpoch: 7,
      partitionEpoch: 9,
      isr: [2],
      replicas: [1, 2, 3],
      offlineReplicas: [3],
    });
  });

  it('replaces the brokers as a whole, and keeps the topics that are not spoken of', () => {
    const { cache } = newCache();
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(0))] }));
    cache.update(updateMetadata({ liveBrokers: [broker(2)] }));
    expect([...cache.image.brokers.keys()]).toEqual([2]);
    expect([...cache.image.topics.keys()]).toEqual(['t']);
    expect(cache.image.controllerId).toBeUndefined();
  });

  describe('a full update', () => {
    const FULL = { type: 2, brokerEpoch: 100n };

    it('forgets what it does not name: whoever was away has missed the word of a deletion', () => {
      const { cache } = newCache();
      cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(0)), topic('u', ID_B, partition(0))] }));
      cache.update(updateMetadata({ ...FULL, topicStates: [topic('u', ID_B, partition(0, { leaderEpoch: 1 }))] }));
      expect([...cache.image.topics.keys()]).toEqual(['u']);
      expect(cache.image.topicNames).toEqual(new Map([[ID_B, 'u']]));
      expect(cache.image.deleted.topicIds.size).toBe(0);
    });

    it('may be told that there are no topics', () => {
      const { cache } = newCache();
      cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(0))] }));
      cache.update(updateMetadata({ ...FULL }));
      expect(cache.image.topics.size).toBe(0);
      expect(cache.image.topicNames.size).toBe(0);
    });

    it('forgets nothing where it was heeded before: a copy of it may have been held up', () => {
      const { cache } = newCache();
      cache.update(updateMetadata({ ...FULL }));
      cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(0))] }));
      cache.update(updateMetadata({ ...FULL }));
      expect([...cache.image.topics.keys()]).toEqual(['t']);
      cache.update(updateMetadata({ ...FULL, brokerEpoch: 101n }));
      expect(cache.image.topics.size).toBe(0);
    });
  });

  it('never changes an image that it has handed out, and shares what an update does not touch', () => {
    const { cache } = newCache();
    const states = [topic('t', ID_A, partition(0), partition(1)), topic('u', ID_B, partition(0))];
    cache.update(updateMetadata({ topicStates: states }));
    const before = cache.image;
    const kept = structuredClone(before);
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(1, { leaderEpoch: 1 }), partition(2))] }));
    expect(before).toEqual(kept);
    expect(cache.image.topics.get('u')).toBe(before.topics.get('u'));
    expect(cache.image.topics.get('t')?.partitions.get(0)).toBe(before.topics.get('t')?.partitions.get(0));
    expect(cache.image.topicNames).toBe(before.topicNames);
    expect(cache.image.topics.get('t')?.partitions.size).toBe(3);
  });

  it('tells its listeners of each image, until they are called off', () => {
    const { cache } = newCache();
    const told: (number | undefined)[] = [];
    const callOff = cache.onChange(({ controllerId }) => told.push(controllerId));
    cache.update(updateMetadata());
    cache.update(updateMetadata({ controllerId: 2 }));
    callOff();
    cache.update(updateMetadata({ controllerId: 3 }));
    expect(told).toEqual([1, 2]);
  });
});

describe('the epochs of an UpdateMetadata', () => {
  it('keep out what was meant for an earlier registration of the broker', () => {
    const { cache, fence } = newCache();
    expect(errorOf(() => cache.update(updateMetadata({ brokerEpoch: 99n })))).toBe('STALE_BROKER_EPOCH');
    expect(cache.image).toBe(EMPTY_CLUSTER);
    expect(fence.lastEpoch).toBe(-1);
  });

  it.each([100n, 101n, -1n])('let in one for broker epoch %s', (brokerEpoch) => {
    const { cache } = newCache();
    cache.update(updateMetadata({ brokerEpoch }));
    expect(cache.image.brokers.size).toBe(3);
  });

  it('keep out a controller that has been replaced, also one that another request told of', () => {
    const { cache, fence } = newCache();
    cache.update(updateMetadata({ controllerEpoch: 5 }));
    fence.admits(controllerEpoch(7));
    const { image } = cache;
    expect(errorOf(() => cache.update(updateMetadata({ controllerEpoch: 6 })))).toBe('STALE_CONTROLLER_EPOCH');
    expect(cache.image).toBe(image);
    cache.update(updateMetadata({ controllerEpoch: 7, controllerId: 2 }));
    expect(cache.image.controllerId).toBe(2);
  });

  it('are told to the fence that the other control requests use', () => {
    const { cache, fence } = newCache();
    cache.update(updateMetadata({ controllerEpoch: 8 }));
    expect(fence.lastEpoch).toBe(8);
  });

  it('change nothing where the request is refused for something else', () => {
    const { cache, fence } = newCache();
    const endpoint = { host: 'b1', port: 1, listener: 'PEERS', securityProtocol: 9 };
    const request = updateMetadata({ liveBrokers: [{ id: 1, endpoints: [endpoint], rack: null }] });
    expect(errorOf(() => cache.update(request))).toBe('INVALID_REQUEST');
    expect(fence.lastEpoch).toBe(-1);
    expect(cache.image).toBe(EMPTY_CLUSTER);
  });
});

describe('topics that are deleted', () => {
  it('are gone with their last partition', () => {
    const { cache } = newCache();
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(0), partition(1))] }));
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, deleted(0))] }));
    expect([...(cache.image.topics.get('t')?.partitions.keys() ?? [])]).toEqual([1]);
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, deleted(1))] }));
    expect(cache.image.topics.size).toBe(0);
    expect(cache.image.topicNames.size).toBe(0);
  });

  it('are remembered by their ids, but not without end', () => {
    const { cache } = newCache();
    const idOf = (at: number): string => Buffer.from(`id${at}`.padEnd(16)).toString('base64url');
    for (let at = 0; at < 1100; at++) {
      cache.update(updateMetadata({ topicStates: [topic('t', idOf(at), partition(0))] }));
      cache.update(updateMetadata({ topicStates: [topic('t', idOf(at), deleted(0))] }));
    }
    expect(cache.image.deleted.topicIds.size).toBe(1000);
  });

  it('give way to another of their name, as a whole', () => {
    const { cache } = newCache();
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(0, { leaderEpoch: 9 }), partition(1))] }));
    cache.update(updateMetadata({ topicStates: [topic('t', ID_B, partition(0))] }));
    expect(cache.image.topics.get('t')?.topicId).toBe(ID_B);
    expect(cache.image.topics.get('t')?.partitions.size).toBe(1);
    expect(cache.image.topics.get('t')?.partitions.get(0)?.leaderEpoch).toBe(0);
    expect(cache.image.topicNames).toEqual(new Map([[ID_B, 't']]));
  });

  it.each([
    ['after their deletion', [topic('t', ID_A, { ...partition(0), leader: -2, leaderEpoch: -2 })]],
    ['after another has taken their place', [topic('t', ID_B, partition(0))]],
  ])('do not come back by an earlier request that comes late, %s', (_, after) => {
    const { cache } = newCache();
    const early = updateMetadata({ topicStates: [topic('t', ID_A, partition(0))] });
    cache.update(early);
    cache.update(updateMetadata({ topicStates: after }));
    const { topics } = cache.image;
    cache.update(early);
    expect(cache.image.topics).toEqual(topics);
  });

  it('are not what a topic of the same name is deleted with', () => {
    const { cache } = newCache();
    cache.update(updateMetadata({ topicStates: [topic('t', ID_B, partition(0))] }));
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, deleted(0))] }));
    expect(cache.image.topics.get('t')?.topicId).toBe(ID_B);
  });
});

describe('an earlier request that comes late', () => {
  const now = topic('t', ID_A, partition(0, { leader: 2, leaderEpoch: 4, zkVersion: 8 }));

  it.each([
    ['an earlier leader epoch', { leaderEpoch: 3, zkVersion: 9 }],
    ['an earlier partition epoch', { leaderEpoch: 4, zkVersion: 7 }],
  ])('is left out by %s', (_, state) => {
    const { cache } = newCache();
    cache.update(updateMetadata({ topicStates: [now] }));
    cache.update(updateMetadata({ topicStates: [topic('t', ID_A, partition(0, state))] }));
    expect(cache.image.topics.get('t')?.partitions.get(0)?.leader).toBe(2);
  });

  it('is not what a new controller sends: that holds, whatever its epochs', () => {
    const { cache } = newCache();
    cache.update(updateMetadata({ topicStates: [now] }));
    cache.update(updateMetadata({ controllerEpoch: 6, topicStates: [topic('t', ID_A, partition(0))] }));
    expect(cache.image.topics.get('t')?.partitions.get(0)?.leaderEpoch).toBe(0);
  });
});

const deleted = (index: number) => partition(index, { leader: -2, leaderEpoch: -2 });

function errorOf(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof KafkaError) return error.error;
    throw error;
  }
  return 'NONE';
}
