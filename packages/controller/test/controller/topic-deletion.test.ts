import { describe, expect, it } from 'vitest';
import { ControlledCluster, idOf } from '../support/controlled-cluster.ts';

async function begin(config: { deleteTopicEnable?: boolean } = {}): Promise<ControlledCluster> {
  const cluster = await ControlledCluster.of([1, 2, 3], config);
  await cluster.createTopic('t', { 0: [2, 3], 1: [3, 2] }, { 'retention.ms': '1' });
  await cluster.createTopic('u', { 0: [2] });
  return cluster;
}

const isGone = (cluster: ControlledCluster) =>
  ['/brokers/topics/t', '/config/topics/t', '/admin/delete_topics/t'].every((path) => cluster.node(path) === undefined);

/** Paths that were deleted, in the order of the transactions, each of which is a list. */
const deletions = (cluster: ControlledCluster) =>
  cluster.zookeeper.journal.flatMap(({ txn }) => {
    const steps = txn.type === 'multi' ? txn.txns : [txn];
    const paths = steps.flatMap((step) => (step.type === 'delete' ? [step.path] : []));
    return paths.length > 0 ? [paths] : [];
  });

describe('a topic that is to be deleted', () => {
  it('is deleted by its brokers, and then in ZooKeeper', async () => {
    const cluster = await begin();
    await cluster.deleteTopic('t');
    expect(isGone(cluster)).toBe(true);
    expect(cluster.broker(2).deleted.toSorted()).toEqual(['t-0', 't-1']);
    expect(cluster.broker(3).deleted.toSorted()).toEqual(['t-0', 't-1']);
    expect(cluster.broker(2).requests('StopReplica').at(-1)?.topicStates?.[0]?.partitionStates[0]).toMatchObject({
      leaderEpoch: -2,
      deletePartition: true,
    });
    expect([...cluster.broker(1).metadata.keys()]).toEqual(['u-0']);
    expect(cluster.controller?.controller.status()).toMatchObject({ globalTopicCount: 1, topicsToDeleteCount: 0 });
  });

  it('goes with its configuration and its marker in one transaction, after all that is below it', async () => {
    const cluster = await begin();
    await cluster.deleteTopic('t');
    expect(deletions(cluster).at(-1)).toEqual(['/brokers/topics/t', '/config/topics/t', '/admin/delete_topics/t']);
  });

  it('has no leader from the beginning, and takes no other ISR', async () => {
    const cluster = await begin();
    cluster.broker(3).isMute = true;
    await cluster.deleteTopic('t');
    expect(cluster.state('t', 0)).toMatchObject({ leader: undefined, isr: [2, 3], leaderEpoch: 1 });
    expect(await cluster.alterIsr(2, 't', { leaderEpoch: 1, partitionEpoch: 1, isr: [2] })).toMatchObject({
      topics: [{ topicId: idOf('t'), partitions: [{ errorCode: 3 }] }],
    });
    cluster.broker(3).isMute = false;
    await cluster.pass(4000);
    expect(isGone(cluster)).toBe(true);
  });

  it('is deleted also by a broker whose replica is damaged', async () => {
    const cluster = await begin();
    cluster.broker(2).failed.add('t-0');
    await cluster.bounce(2);
    expect(cluster.broker(1).metadata.get('t-0')).toMatchObject({ offlineReplicas: [2] });
    await cluster.deleteTopic('t');
    expect(isGone(cluster)).toBe(true);
    expect(cluster.broker(2).deleted.toSorted()).toEqual(['t-0', 't-1']);
  });

  it('waits for a broker that is not there, and goes once it is back', async () => {
    const cluster = await begin();
    await cluster.kill(3);
    await cluster.deleteTopic('t');
    expect(cluster.broker(2).deleted.toSorted()).toEqual(['t-0', 't-1']);
    expect([isGone(cluster), cluster.short('t', 1)]).toEqual([false, '-/2']);
    await cluster.start(3);
    await cluster.pass(500);
    expect(isGone(cluster)).toBe(true);
    // It never gets the replicas as such again.
    expect(cluster.broker(3).replicas.has('t-0')).toBe(false);
  });

  it('is told to be gone to a broker that comes back: one that has lost but its session may still know of it', async () => {
    const cluster = await begin();
    await cluster.kill(3);
    await cluster.deleteTopic('t');
    const heardBefore = cluster.broker(3).requests('UpdateMetadata').length;
    await cluster.start(3);
    await cluster.pass(500);
    const heard = cluster.broker(3).requests('UpdateMetadata').slice(heardBefore);
    const ofTopic = heard.flatMap(({ topicStates }) =>
      (topicStates ?? []).filter(({ topicName }) => topicName === 't'),
    );
    expect(ofTopic.flatMap(({ partitionStates }) => partitionStates.map(({ leader }) => leader))).toEqual([-2, -2]);
  });

  it('waits for a broker that dies in the middle of it', async () => {
    const cluster = await begin();
    cluster.broker(3).isReachable = false;
    await cluster.deleteTopic('t');
    await cluster.kill(3);
    expect(isGone(cluster)).toBe(false);
    await cluster.start(3);
    await cluster.pass(500);
    expect(isGone(cluster)).toBe(true);
  });

  it('waits where a broker cannot delete, until that has started again', async () => {
    const cluster = await begin();
    cluster.broker(3).deletionError = 'KAFKA_STORAGE_ERROR';
    await cluster.deleteTopic('t');
    expect(isGone(cluster)).toBe(false);
    cluster.broker(3).deletionError = 'NONE';
    await cluster.bounce(3);
    expect(isGone(cluster)).toBe(true);
  });

  it('is deleted by the next controller where the one before began', async () => {
    const cluster = await begin();
    await cluster.kill(3);
    await cluster.deleteTopic('t');
    await cluster.kill(1);
    await cluster.pass(500);
    expect(isGone(cluster)).toBe(false);
    await cluster.start(3);
    await cluster.pass(500);
    expect([isGone(cluster), cluster.controllerEpoch]).toEqual([true, 2]);
  });

  it('gets no leader when a broker comes or a new controller begins', async () => {
    const cluster = await begin();
    await cluster.kill(3);
    await cluster.deleteTopic('t');
    const before = cluster.state('t', 0);
    expect(before.leader).toBeUndefined();
    await cluster.bounce(2);
    await cluster.kill(1);
    await cluster.pass(500);
    expect(cluster.controllerEpoch).toBe(2);
    expect(cluster.state('t', 0)).toEqual(before);
    expect(cluster.broker(2).replicas.has('t-0')).toBe(false);
  });

  it('can be created again under the same name, and is another one', async () => {
    const cluster = await begin();
    await cluster.deleteTopic('t');
    await cluster.createTopic('t', { 0: [1] });
    expect(cluster.short('t')).toBe('1/1');
    expect([...cluster.broker(3).metadata.keys()].toSorted()).toEqual(['t-0', 'u-0']);
  });

  it('stays where delete.topic.enable is false, and its marker goes', async () => {
    const cluster = await begin({ deleteTopicEnable: false });
    await cluster.deleteTopic('t');
    expect(cluster.node('/admin/delete_topics/t')).toBeUndefined();
    expect(cluster.short('t', 0)).toBe('2/2,3');
  });

  it('is nothing where there is no such topic: the marker goes', async () => {
    const cluster = await begin();
    await cluster.deleteTopic('nowhere');
    expect(cluster.node('/admin/delete_topics/nowhere')).toBeUndefined();
  });
});
