import { decodeTopic, encodeTopic, topicPath } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { assignmentOf, ControlledCluster } from '../support/controlled-cluster.ts';

describe('a topic that is created', () => {
  it('gets a state for each partition; its replicas hear of their roles, and everybody of the leaders', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3], 1: [3, 1] });
    expect(cluster.state('t', 0)).toMatchObject({
      leader: 2,
      isr: [2, 3],
      leaderEpoch: 0,
      controllerEpoch: 1,
      version: 0,
    });
    expect(cluster.short('t', 1)).toBe('3/3,1');
    expect(cluster.broker(2).replicas.get('t-0')).toMatchObject({ leader: 2, isr: [2, 3], isNew: true });
    expect(cluster.broker(1).replicas.has('t-0')).toBe(false);
    for (const id of [1, 2, 3]) expect(cluster.broker(id).metadata.get('t-0')).toMatchObject({ leader: 2 });
  });

  it('begins with those of its replicas that are there', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.createTopic('t', { 0: [3, 2, 1] });
    expect(cluster.short('t')).toBe('2/2,1');
    expect(cluster.broker(1).metadata.get('t-0')).toMatchObject({ offlineReplicas: [3] });
  });

  it('waits for a broker where none of its replicas is there', async () => {
    const cluster = await ControlledCluster.of([1]);
    await cluster.createTopic('t', { 0: [2] });
    expect(cluster.node('/brokers/topics/t/partitions')).toBeUndefined();
    expect(cluster.controller?.controller.status()).toMatchObject({
      offlinePartitionsCount: 1,
      globalPartitionCount: 1,
    });
    await cluster.start(2);
    await cluster.pass(300);
    expect(cluster.short('t')).toBe('2/2');
    expect(cluster.broker(2).replicas.get('t-0')).toMatchObject({ isNew: true });
  });

  it('gets an id where it has none', async () => {
    const cluster = await ControlledCluster.of([1]);
    const operator = await cluster.operator();
    const data = encodeTopic({ topicId: undefined, partitions: assignmentOf({ 0: [1] }) });
    await cluster.run(operator.create(topicPath('old'), data));
    await cluster.pass(200);
    const { topicId } = decodeTopic('old', cluster.node(topicPath('old'))?.data ?? null);
    expect(topicId).toMatch(/^[\w-]{22}$/);
    expect(cluster.broker(1).requests('LeaderAndIsr').at(-1)?.topicStates).toMatchObject([{ topicId }]);
  });

  it('is left alone where its znode cannot be read, and taken once it can', async () => {
    const cluster = await ControlledCluster.of([1]);
    const operator = await cluster.operator();
    await cluster.run(operator.create(topicPath('odd'), Buffer.from('{')));
    await cluster.createTopic('t', { 0: [1] });
    expect(cluster.controller?.controller.isActive).toBe(true);
    expect(cluster.short('t')).toBe('1/1');
    const data = encodeTopic({ topicId: undefined, partitions: assignmentOf({ 0: [1] }) });
    await cluster.run(operator.set(topicPath('odd'), data, -1));
    await cluster.pass(200);
    expect(cluster.short('odd')).toBe('1/1');
  });

  it('gets leaders for partitions that are added, and the others stay as they are', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.createTopic('t', { 0: [1, 2] });
    const operator = await cluster.operator();
    const { topicId } = decodeTopic('t', cluster.node(topicPath('t'))?.data ?? null);
    const partitions = assignmentOf({ 0: [1, 2], 1: [2, 1], 2: [1] });
    await cluster.run(operator.set(topicPath('t'), encodeTopic({ topicId, partitions }), -1));
    await cluster.pass(200);
    expect([cluster.short('t', 0), cluster.short('t', 1), cluster.short('t', 2)]).toEqual(['1/1,2', '2/2,1', '1/1']);
    expect(cluster.state('t', 0).version).toBe(0);
  });

  it('is dropped where somebody removes it by hand, and is another one when it comes back', async () => {
    const cluster = await ControlledCluster.of([1]);
    await cluster.createTopic('t', { 0: [1], 1: [1] });
    const operator = await cluster.operator();
    const below = ['/partitions/0/state', '/partitions/0', '/partitions/1/state', '/partitions/1', '/partitions', ''];
    for (const path of below) await cluster.run(operator.delete(`${topicPath('t')}${path}`, -1));
    await cluster.pass(200);
    expect(cluster.broker(1).metadata.size).toBe(0);
    const data = encodeTopic({ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: assignmentOf({ 0: [1] }) });
    await cluster.run(operator.create(topicPath('t'), data));
    await cluster.pass(200);
    expect(cluster.broker(1).requests('LeaderAndIsr').at(-1)?.topicStates?.[0]?.topicId).toBe('AAAAAAAAAAAAAAAAAAAAAQ');
    expect([...cluster.broker(1).metadata.keys()]).toEqual(['t-0']);
  });
});
