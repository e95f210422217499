import { describe, expect, it } from 'vitest';
import { ControlledCluster } from '../support/controlled-cluster.ts';

describe('the controller', () => {
  it('is one broker of several; another one follows when it dies', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    expect([cluster.controllerId, cluster.controllerEpoch]).toEqual([1, 1]);
    expect([1, 2, 3].map((id) => cluster.member(id).controller.isActive)).toEqual([true, false, false]);
    await cluster.kill(1);
    await cluster.pass(500);
    expect(cluster.controllerEpoch).toBe(2);
    expect([2, 3].filter((id) => cluster.member(id).controller.isActive)).toEqual([cluster.controllerId]);
  });

  it('stands again when its znode is deleted, and resigns from the old term', async () => {
    const cluster = await ControlledCluster.of([1]);
    const operator = await cluster.operator();
    await cluster.run(operator.delete('/controller', -1));
    await cluster.pass(500);
    expect([cluster.controllerId, cluster.controllerEpoch]).toEqual([1, 2]);
    expect(cluster.member(1).controller.epoch).toBe(2);
  });

  it('resigns when it is closed, so that another is elected at once', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.run(cluster.member(1).controller.close());
    await cluster.pass(200);
    expect([cluster.controllerId, cluster.member(1).controller.isActive]).toEqual([2, false]);
  });

  it('is none without its session, from the moment that it is lost, and stands in the next one', async () => {
    const cluster = await ControlledCluster.of([1]);
    await cluster.createTopic('t', { 0: [1] });
    const { session, controller } = cluster.member(1);
    cluster.zookeeper.expire(session.sessionId);
    await cluster.until(() => session.state === 'LOST');
    await cluster.pass(0);
    expect(controller.isActive).toBe(false);
    await cluster.renew(1);
    await cluster.pass(500);
    expect([controller.isActive, cluster.controllerEpoch]).toEqual([true, 2]);
    expect(cluster.short('t')).toBe('1/1');
  });

  it('goes on after a broken connection, and sees what has happened meanwhile', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    cluster.member(1).host.hold();
    await cluster.createTopic('t', { 0: [2, 1] });
    cluster.member(1).host.release();
    cluster.member(1).host.cut();
    await cluster.pass(1000);
    expect([cluster.controllerEpoch, cluster.short('t')]).toEqual([1, '2/2,1']);
  });

  it('whose process stood still does no harm: its writes fail, brokers refuse it, and it resigns', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [1, 2, 3] });
    const zombie = cluster.member(1);
    zombie.host.process.pause();
    await cluster.pass(6000);
    const successor = cluster.controllerId;
    expect(successor).not.toBe(1);
    const before = cluster.state('t');
    expect(before.leader).not.toBe(1);
    zombie.host.process.resume();
    await cluster.pass(2000);
    expect(zombie.controller.isActive).toBe(false);
    expect(cluster.state('t')).toEqual(before);
  });

  it('sends nothing any more once its term is over, whatever it had yet to send', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    cluster.broker(2).isReachable = false;
    await cluster.createTopic('t', { 0: [2, 1] });
    cluster.member(1).controller.sessionLost();
    cluster.broker(2).received.length = 0;
    cluster.broker(2).isReachable = true;
    await cluster.pass(1000);
    expect(cluster.broker(2).received).toEqual([]);
  });

  it('is none where the word of its election comes after its session was lost', async () => {
    const cluster = new ControlledCluster();
    const { controller, host } = await cluster.start(1);
    await cluster.until(() => cluster.node('/controller') !== undefined);
    host.hold();
    controller.sessionLost();
    host.release();
    await cluster.pass(500);
    expect([controller.isActive, cluster.log.some(({ level }) => level === 'error')]).toEqual([false, false]);
  });

  it('that has been replaced without knowing writes nothing', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.createTopic('t', { 0: [1, 2] });
    const operator = await cluster.operator();
    // Another one has been elected, of which no watch tells: its first write finds out.
    await cluster.run(operator.set('/controller_epoch', Buffer.from('2'), -1));
    const before = cluster.state('t');
    await cluster.kill(2);
    expect(cluster.log.map(({ message, fields }) => [message, fields])).toContainEqual([
      'no longer the controller',
      { epoch: 1, reason: 'another broker has been elected' },
    ]);
    await cluster.pass(3000);
    expect(cluster.state('t')).toMatchObject({ leader: 1, isr: [1], controllerEpoch: 3 });
    expect(before.version + 1).toBe(cluster.state('t').version);
  });

  it('fails over an event that nobody foresaw by resigning, waits, and stands again', async () => {
    const cluster = await ControlledCluster.of([1]);
    const broker = cluster.broker(2);
    const client = broker.client.bind(broker);
    broker.client = () => {
      broker.client = client;
      throw new Error('no such thing');
    };
    await cluster.start(2);
    await cluster.until(() => cluster.log.some(({ level }) => level === 'error'));
    expect(cluster.log.find(({ level }) => level === 'error')).toMatchObject({
      fields: { event: 'broker change', pauseMs: 1000 },
    });
    expect(cluster.member(1).controller.isActive).toBe(false);
    await cluster.pass(300);
    expect(cluster.controllerId).toBe(2);
  });

  it('puts off standing again, the longer the more often it fails', async () => {
    const cluster = new ControlledCluster();
    cluster.broker(1).client = () => {
      throw new Error('no such thing');
    };
    await cluster.start(1);
    await cluster.pass(20_000);
    const failures = cluster.log
      .filter(({ level }) => level === 'error')
      .map(({ fields }) => (fields as { pauseMs: number }).pauseMs);
    expect(failures).toEqual([1000, 2000, 4000, 8000, 16000]);
    expect(cluster.member(1).controller.status().activeControllerCount).toBe(0);
  });
});
