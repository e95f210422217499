import { deleteTopicPath, topicPath } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { ControlledCluster } from '../support/controlled-cluster.ts';

const FULL = 2;

/** Types of the LeaderAndIsr requests that a broker got since, and which partitions each named. */
function toldTo(cluster: ControlledCluster, id: number, from = 0): [number | undefined, string[]][] {
  return cluster
    .broker(id)
    .requests('LeaderAndIsr')
    .slice(from)
    .map(({ type, topicStates = [] }) => [
      type,
      topicStates.flatMap(({ topicName, partitionStates }) =>
        partitionStates.map(({ partitionIndex }) => `${topicName}-${partitionIndex}`),
      ),
    ]);
}

describe('UpdateMetadata', () => {
  const typesTo = (cluster: ControlledCluster, id: number, from = 0) =>
    cluster
      .broker(id)
      .requests('UpdateMetadata')
      .slice(from)
      .map(({ type }) => type);

  it('is full to a broker that comes, and of a controller that begins, and at no other time', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [1, 2] });
    await cluster.kill(3);
    const from = typesTo(cluster, 3).length;
    const others = typesTo(cluster, 2).length;
    await cluster.start(3);
    await cluster.pass(300);
    expect(typesTo(cluster, 3, from)).toEqual([FULL]);
    expect(typesTo(cluster, 2, others)).not.toContain(FULL);
    await cluster.kill(1);
    await cluster.pass(300);
    expect(typesTo(cluster, 3, from + 1)).toContain(FULL);
  });
});

describe('the first LeaderAndIsr of a controller to a registration', () => {
  it('is full: a broker that has no replica hears of that, too', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    for (const id of [1, 2, 3]) expect(toldTo(cluster, id)).toEqual([[FULL, []]]);
    await cluster.createTopic('t', { 0: [1, 2] });
    expect(toldTo(cluster, 2, 1)).toEqual([[0, ['t-0']]]);
    expect(toldTo(cluster, 3, 1)).toEqual([]);
  });

  it('is full for a broker that comes back, and of a controller that takes over', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [1, 2], 1: [2, 3] });
    await cluster.kill(2);
    let from = toldTo(cluster, 2).length;
    await cluster.start(2);
    await cluster.pass(300);
    expect(toldTo(cluster, 2, from)[0]).toEqual([FULL, ['t-0', 't-1']]);
    from = toldTo(cluster, 3).length;
    await cluster.kill(1);
    await cluster.pass(300);
    expect(toldTo(cluster, 3, from)[0]).toEqual([FULL, ['t-1']]);
  });

  it('is not full while a topic of the broker is being deleted: that one is not to be set aside', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await cluster.createTopic('u', { 0: [2, 1] });
    await cluster.kill(2);
    await cluster.deleteTopic('t');
    const from = toldTo(cluster, 2).length;
    await cluster.start(2);
    await cluster.pass(300);
    expect(toldTo(cluster, 2, from)[0]).toEqual([0, ['u-0']]);
    await cluster.until(() => cluster.node(topicPath('t')) === undefined);
    expect(cluster.node(deleteTopicPath('t'))).toBeUndefined();
    expect(cluster.broker(2).deleted).toEqual(['t-0']);
  });

  it('is not full where the controller cannot read a topic', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.createTopic('t', { 0: [2] });
    const operator = await cluster.operator();
    await cluster.run(operator.set(topicPath('t'), Buffer.from('{'), -1));
    await cluster.kill(1);
    await cluster.until(() => cluster.controllerId === 2);
    await cluster.pass(300);
    const types = toldTo(cluster, 2).map(([type]) => type);
    expect(types.slice(-1)).toEqual([0]);
    expect(types.filter((type) => type === FULL)).toHaveLength(1);
  });
});
