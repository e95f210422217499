import { ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ControlledCluster, contextOf } from '../support/controlled-cluster.ts';

async function begin(): Promise<ControlledCluster> {
  const cluster = await ControlledCluster.of([1, 2, 3]);
  await cluster.createTopic('t', { 0: [2, 3], 1: [3, 2], 2: [2] });
  return cluster;
}

function shutDown(cluster: ControlledCluster, id: number, epoch = BigInt(cluster.broker(id).epoch ?? 0)) {
  const { ControlledShutdown } = cluster.member(1).controller.handlers;
  return cluster.run(Promise.resolve(ControlledShutdown({ brokerId: id, brokerEpoch: epoch }, contextOf(3))));
}

describe('ControlledShutdown', () => {
  it('gives what the broker leads to others, and takes it out of the ISRs', async () => {
    const cluster = await begin();
    expect(await shutDown(cluster, 2)).toEqual({ errorCode: 0, remainingPartitions: [] });
    await cluster.pass(50);
    expect([cluster.short('t', 0), cluster.short('t', 1)]).toEqual(['3/3', '3/3']);
    expect(cluster.broker(2).metadata.get('t-0')).toMatchObject({ leader: 3 });
    expect(cluster.broker(2).requests('StopReplica')).toMatchObject([
      {
        topicStates: [
          { topicName: 't', partitionStates: [{ partitionIndex: 1, leaderEpoch: 1, deletePartition: false }] },
        ],
      },
    ]);
  });

  it('leaves a partition without other replicas alone, until the broker has gone', async () => {
    const cluster = await begin();
    await shutDown(cluster, 2);
    expect(cluster.short('t', 2)).toBe('2/2');
  });

  it('names the partitions that nobody else can lead', async () => {
    const cluster = await begin();
    await cluster.kill(3);
    expect(await shutDown(cluster, 2)).toEqual({
      errorCode: 0,
      remainingPartitions: [0, 1].map((partitionIndex) => ({ topicName: 't', partitionIndex })),
    });
    expect(cluster.short('t', 0)).toBe('2/2');
  });

  it('keeps the broker from being taken into an ISR, or elected, until it has registered anew', async () => {
    const cluster = await begin();
    await shutDown(cluster, 2);
    const { leaderEpoch, version } = cluster.state('t', 0);
    expect(await cluster.alterIsr(3, 't', { leaderEpoch, partitionEpoch: version, isr: [3, 2] })).toMatchObject({
      topics: [{ partitions: [{ errorCode: ERRORS.INELIGIBLE_REPLICA.code }] }],
    });
    await cluster.createTopic('u', { 0: [2, 1] });
    expect(cluster.short('u')).toBe('1/1');
    await cluster.bounce(2);
    await cluster.alterIsr(3, 't', {
      leaderEpoch: cluster.state('t').leaderEpoch,
      partitionEpoch: cluster.state('t').version,
      isr: [3, 2],
    });
    expect(cluster.short('t', 0)).toBe('3/3,2');
  });

  it('is refused for another life of the broker, and for one that is not there', async () => {
    const cluster = await begin();
    expect(await shutDown(cluster, 2, 1n)).toMatchObject({ errorCode: ERRORS.STALE_BROKER_EPOCH.code });
    expect(await shutDown(cluster, 2, 1_000_000n)).toMatchObject({ errorCode: ERRORS.STALE_BROKER_EPOCH.code });
    expect(await shutDown(cluster, 7)).toMatchObject({ errorCode: ERRORS.BROKER_NOT_AVAILABLE.code });
    expect(cluster.short('t', 0)).toBe('2/2,3');
  });

  it('hands over the controller itself, which resigns when it is closed', async () => {
    const cluster = await begin();
    await cluster.createTopic('u', { 0: [1, 2] });
    expect(await shutDown(cluster, 1)).toMatchObject({ errorCode: 0, remainingPartitions: [] });
    await cluster.run(cluster.member(1).controller.close());
    await cluster.pass(300);
    expect(cluster.controllerId).not.toBe(1);
    expect(cluster.state('u').leader).toBe(2);
  });
});
