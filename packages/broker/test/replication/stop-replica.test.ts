import { brokerId, ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { PARTITION } from '../support/replication/fake-controller.ts';
import { ReplicaCluster } from '../support/replication/replica-cluster.ts';

const stop = async (
  cluster: ReplicaCluster,
  to: number,
  how: {
    leaderEpoch: number;
    deletePartition: boolean;
    partition?: number;
    brokerEpoch?: bigint;
    controllerEpoch?: number;
  },
): Promise<(number | undefined)[]> => {
  const { replicas, epoch } = cluster.broker(to);
  const response = await replicas.stopReplica({
    controllerId: 1,
    isKRaftController: false,
    controllerEpoch: how.controllerEpoch ?? 1,
    brokerEpoch: how.brokerEpoch ?? BigInt(epoch),
    deletePartitions: false,
    ungroupedPartitions: [],
    topics: [],
    topicStates: [
      {
        topicName: 't',
        partitionStates: [
          { partitionIndex: how.partition ?? 0, leaderEpoch: how.leaderEpoch, deletePartition: how.deletePartition },
        ],
      },
    ],
  });
  return response.errorCode === 0 ? response.partitionErrors.map((each) => each.errorCode) : [response.errorCode];
};

describe('StopReplica', () => {
  it('ends following, and keeps the log', async () => {
    const cluster = await ReplicaCluster.start();
    expect(await stop(cluster, 2, { leaderEpoch: 0, deletePartition: false })).toEqual([0]);
    expect(cluster.broker(2).fetchers.following.size).toBe(0);
    expect(cluster.broker(2).replicas.statusOf(PARTITION)?.role).toBe('none');
    expect(cluster.broker(2).logs.get(PARTITION)).toBeDefined();
  });

  it('lets the epoch in which it was stopped begin once more, but none before it', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1);
    await stop(cluster, 2, { leaderEpoch: 1, deletePartition: false });
    expect((await cluster.tell([2])).get(2)).toBe(0);
    expect(cluster.broker(2).replicas.statusOf(PARTITION)?.role).toBe('follower');
  });

  it('answers what waits for the leader', async () => {
    const cluster = await ReplicaCluster.start();
    const produced = cluster.produce(1);
    await cluster.settled();
    await stop(cluster, 1, { leaderEpoch: 1, deletePartition: false });
    expect(await produced).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', appended: true });
  });

  it('deletes the log, and frees its name at once', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { acks: 1 });
    expect(await stop(cluster, 1, { leaderEpoch: 0, deletePartition: true })).toEqual([0]);
    expect(cluster.broker(1).replicas.statusOf(PARTITION)).toBe(undefined);
    expect(cluster.broker(1).logs.get(PARTITION)).toBe(undefined);
    cluster.controller.create(0, [brokerId(1)]);
    expect((await cluster.tell([1])).get(1)).toBe(0);
    expect(cluster.logOf(1).endOffset).toBe(0);
  });

  it('FENCED_LEADER_EPOCH for an epoch that is over; -1 is taken always, and -2 once the topic is gone', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1);
    const fenced = [ERRORS.FENCED_LEADER_EPOCH.code];
    expect(await stop(cluster, 2, { leaderEpoch: 0, deletePartition: true })).toEqual(fenced);
    expect(cluster.broker(2).logs.get(PARTITION)).toBeDefined();
    expect(await stop(cluster, 2, { leaderEpoch: -1, deletePartition: false })).toEqual([0]);
    cluster.broker(2).view.set({ ...cluster.controller.image(), topics: new Map() });
    expect(await stop(cluster, 2, { leaderEpoch: -2, deletePartition: true })).toEqual([0]);
    expect(cluster.broker(2).logs.get(PARTITION)).toBe(undefined);
  });

  it('does not delete the log of a topic that lives: the request was about an earlier one of that name', async () => {
    const cluster = await ReplicaCluster.start();
    const fenced = [ERRORS.FENCED_LEADER_EPOCH.code];
    expect(await stop(cluster, 1, { leaderEpoch: -2, deletePartition: true })).toEqual(fenced);
    expect(cluster.broker(1).replicas.statusOf(PARTITION)?.role).toBe('leader');
    const image = cluster.controller.image();
    const [topic] = image.topics.values();
    const another = new Map(topic && [['t', { ...topic, topicId: 'AAAAAAAAAAAAAAAAAAAAAg' }]]);
    cluster.broker(1).view.set({ ...image, topics: another });
    expect(await stop(cluster, 1, { leaderEpoch: -2, deletePartition: true })).toEqual([0]);
  });

  it('has nothing to do where there is no such partition', async () => {
    const cluster = await ReplicaCluster.start();
    expect(await stop(cluster, 1, { leaderEpoch: -2, deletePartition: true, partition: 8 })).toEqual([0]);
  });

  it('is refused for an earlier registration, and of a controller that has been replaced', async () => {
    const cluster = await ReplicaCluster.start();
    const how = { leaderEpoch: -2, deletePartition: true };
    expect(await stop(cluster, 1, { ...how, brokerEpoch: 1n })).toEqual([ERRORS.STALE_BROKER_EPOCH.code]);
    expect(await stop(cluster, 1, { ...how, controllerEpoch: 0 })).toEqual([ERRORS.STALE_CONTROLLER_EPOCH.code]);
    expect(cluster.broker(1).replicas.statusOf(PARTITION)?.role).toBe('leader');
  });
});
