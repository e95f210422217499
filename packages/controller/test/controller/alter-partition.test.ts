import { ERRORS } from '@barnabas/model';
import { partitionStatePath } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { ControlledCluster, contextOf, idOf } from '../support/controlled-cluster.ts';

async function begin(): Promise<ControlledCluster> {
  const cluster = await ControlledCluster.of([1, 2, 3]);
  await cluster.createTopic('t', { 0: [2, 1, 3] });
  return cluster;
}

const NOW = { leaderEpoch: 0, partitionEpoch: 0 };

describe('AlterPartition', () => {
  it('writes the ISR in the same leader epoch, and tells all of it as metadata alone', async () => {
    const cluster = await begin();
    const before = cluster.broker(1).requests('LeaderAndIsr').length;
    const answer = await cluster.alterIsr(2, 't', { ...NOW, isr: [2, 1] });
    expect(answer).toMatchObject({
      errorCode: 0,
      topics: [
        {
          topicId: idOf('t'),
          partitions: [{ errorCode: 0, leaderId: 2, leaderEpoch: 0, isr: [2, 1], partitionEpoch: 1 }],
        },
      ],
    });
    await cluster.pass(100);
    expect(cluster.state('t')).toMatchObject({ leader: 2, leaderEpoch: 0, isr: [2, 1], version: 1 });
    expect(cluster.broker(3).metadata.get('t-0')).toMatchObject({ isr: [2, 1] });
    expect(cluster.broker(1).requests('LeaderAndIsr').length).toBe(before);
  });

  it('answers what is so already without writing it', async () => {
    const cluster = await begin();
    await cluster.alterIsr(2, 't', { ...NOW, isr: [2] });
    expect(await cluster.alterIsr(2, 't', { ...NOW, isr: [2] })).toMatchObject({
      topics: [{ partitions: [{ errorCode: 0, partitionEpoch: 1 }] }],
    });
    expect(cluster.state('t').version).toBe(1);
  });

  it.each([
    ['FENCED_LEADER_EPOCH', async (cluster: ControlledCluster) => cluster.kill(3), { ...NOW, isr: [2] }],
    ['NOT_CONTROLLER', async () => {}, { leaderEpoch: 1, partitionEpoch: 0, isr: [2] }],
    ['INELIGIBLE_REPLICA', async () => {}, { ...NOW, isr: [2, 1], epochOf: () => 1n }],
  ] as const)('answers %s and writes nothing', async (error, before, proposal) => {
    const cluster = await begin();
    await before(cluster);
    const { version } = cluster.state('t');
    expect(await cluster.alterIsr(2, 't', proposal)).toMatchObject({
      topics: [{ partitions: [{ errorCode: ERRORS[error].code }] }],
    });
    expect(cluster.state('t').version).toBe(version);
  });

  it('does not take a follower in under the epoch that it had before it restarted', async () => {
    const cluster = await begin();
    const stale = BigInt(cluster.broker(3).epoch ?? 0);
    await cluster.bounce(3);
    const { leaderEpoch, version } = cluster.state('t');
    const proposal = { leaderEpoch, partitionEpoch: version, isr: [2, 1, 3] };
    const epochOf = (id: number) => (id === 3 ? stale : BigInt(cluster.broker(id).epoch ?? 0));
    expect(await cluster.alterIsr(2, 't', { ...proposal, epochOf })).toMatchObject({
      topics: [{ partitions: [{ errorCode: ERRORS.INELIGIBLE_REPLICA.code }] }],
    });
    expect(await cluster.alterIsr(2, 't', proposal)).toMatchObject({ topics: [{ partitions: [{ errorCode: 0 }] }] });
  });

  it('refuses a leader that is registered under another epoch, and an unknown topic', async () => {
    const cluster = await begin();
    const request = { brokerId: 2, brokerEpoch: 1n, topics: [] };
    const { AlterPartition } = cluster.member(1).controller.handlers;
    expect(await cluster.run(Promise.resolve(AlterPartition(request, contextOf(3))))).toMatchObject({
      errorCode: ERRORS.STALE_BROKER_EPOCH.code,
    });
    expect(await cluster.alterIsr(2, 'nowhere', { ...NOW, isr: [2] })).toMatchObject({
      topics: [{ topicId: idOf('nowhere'), partitions: [{ errorCode: ERRORS.UNKNOWN_TOPIC_ID.code }] }],
    });
  });

  it('is for the controller alone', async () => {
    const cluster = await begin();
    const { AlterPartition, ControlledShutdown } = cluster.member(2).controller.handlers;
    const { code } = ERRORS.NOT_CONTROLLER;
    expect(await AlterPartition({ brokerId: 2, brokerEpoch: 1n, topics: [] }, contextOf(3))).toMatchObject({
      errorCode: code,
    });
    expect(await ControlledShutdown({ brokerId: 2, brokerEpoch: 1n }, contextOf(3))).toMatchObject({ errorCode: code });
  });

  it('answers INVALID_UPDATE_VERSION where another hand has written meanwhile, and goes by what is there from then on', async () => {
    const cluster = await begin();
    const operator = await cluster.operator();
    const path = partitionStatePath({ topic: 't', partition: 0 });
    await cluster.run(operator.set(path, cluster.node(path)?.data ?? null, -1));
    expect(await cluster.alterIsr(2, 't', { ...NOW, isr: [2, 1] })).toMatchObject({
      topics: [{ partitions: [{ errorCode: ERRORS.INVALID_UPDATE_VERSION.code }] }],
    });
    expect(await cluster.alterIsr(2, 't', { leaderEpoch: 0, partitionEpoch: 1, isr: [2, 1] })).toMatchObject({
      topics: [{ partitions: [{ errorCode: 0, partitionEpoch: 2 }] }],
    });
  });

  it('is answered NOT_CONTROLLER where the term ends before it is decided', async () => {
    const cluster = await begin();
    const { controller, host } = cluster.member(1);
    host.hold();
    const brokerEpoch = BigInt(cluster.broker(2).epoch ?? 0);
    const member = { brokerId: 2, brokerEpoch };
    const partition = {
      partitionIndex: 0,
      leaderEpoch: 0,
      newIsr: [],
      newIsrWithEpochs: [member],
      leaderRecoveryState: 0,
      partitionEpoch: 0,
    };
    const request = {
      brokerId: 2,
      brokerEpoch,
      topics: [{ topicName: '', topicId: idOf('t'), partitions: [partition] }],
    };
    const answers = [1, 2].map(() => controller.handlers.AlterPartition(request, contextOf(3)));
    await cluster.pass(5);
    controller.sessionLost();
    host.release();
    for (const answer of answers) {
      expect(await cluster.run(Promise.resolve(answer))).toMatchObject({ errorCode: ERRORS.NOT_CONTROLLER.code });
    }
  });

  it('forgets nothing where the connection breaks while it writes', async () => {
    const cluster = await begin();
    const { host } = cluster.member(1);
    host.hold(['toClient']);
    const answering = cluster.alterIsr(2, 't', { ...NOW, isr: [2] });
    const cut = (async () => {
      await cluster.until(() => cluster.state('t').version === 1);
      host.release();
      host.cut(['toClient']);
    })();
    await cut;
    expect(await answering).toMatchObject({
      topics: [{ partitions: [{ errorCode: 0, isr: [2], partitionEpoch: 1 }] }],
    });
    expect(cluster.state('t').version).toBe(1);
  });
});
