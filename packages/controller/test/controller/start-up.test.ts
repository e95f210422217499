import { brokerId } from '@barnabas/model';
import { LOG_DIR_EVENTS } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { ControlledCluster } from '../support/controlled-cluster.ts';
import { type Trouble, TroubledSession } from '../support/troubled-session.ts';

describe('a controller that takes over', () => {
  it('gives every partition of the dead one a leader, in the next leader epoch', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [1, 2, 3], 1: [2, 3, 1], 2: [3, 1] });
    await cluster.kill(1);
    await cluster.pass(300);
    expect([cluster.short('t', 0), cluster.short('t', 1), cluster.short('t', 2)]).toEqual(['2/2,3', '2/2,3', '3/3']);
    expect(cluster.state('t', 0)).toMatchObject({ leaderEpoch: 1, controllerEpoch: 2 });
    for (const id of [2, 3])
      expect(cluster.broker(id).metadata.get('t-0')).toMatchObject({ leader: 2, offlineReplicas: [1] });
  });

  it('tells all brokers of each other before it tells them of partitions, and each of all its replicas', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3], 1: [3, 2] });
    for (const id of [2, 3]) cluster.broker(id).received.length = 0;
    await cluster.run(cluster.member(1).controller.close());
    await cluster.pass(500);
    for (const id of [2, 3]) {
      const [first, second] = cluster.broker(id).received;
      expect(first).toMatchObject({ api: 'UpdateMetadata', request: { topicStates: [], controllerEpoch: 2 } });
      expect(second).toMatchObject({ api: 'LeaderAndIsr' });
      expect(second?.api === 'LeaderAndIsr' && second.request.topicStates?.[0]?.partitionStates.length).toBe(2);
    }
  });

  it('creates /feature, and deletes notifications that it finds', async () => {
    const cluster = new ControlledCluster();
    const operator = await cluster.operator();
    await cluster.run(operator.create(LOG_DIR_EVENTS.parent, null));
    const path = `${LOG_DIR_EVENTS.parent}/${LOG_DIR_EVENTS.prefix}`;
    await cluster.run(operator.create(path, LOG_DIR_EVENTS.encode(brokerId(1)), { mode: 'persistentSequential' }));
    await cluster.start(1);
    await cluster.pass(300);
    const { children } = await cluster.run(operator.children(LOG_DIR_EVENTS.parent));
    expect(children).toEqual([]);
    expect(Buffer.from(cluster.node('/feature')?.data ?? []).toString()).toBe('{"features":{},"version":2,"status":1}');
  });

  it('treats a broker as gone that was away while nobody looked', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 1, 3], 1: [2], 2: [3, 2] });
    const before = cluster.state('t', 1).leaderEpoch;
    // The controller and broker 2 go together; broker 2 is back before anybody has become controller.
    cluster.member(3).host.process.pause();
    const { session } = cluster.member(1);
    cluster.member(1).host.hold();
    cluster.zookeeper.expire(session.sessionId);
    await cluster.bounce(2);
    await cluster.until(() => cluster.member(2).controller.isActive);
    cluster.member(3).host.process.resume();
    await cluster.pass(500);
    expect(cluster.state('t', 0).isr).toEqual([3]);
    expect(cluster.state('t', 2).isr).toEqual([3]);
    // Nobody else can lead this one, and yet its leader begins a new epoch: it may have lost what it had not flushed.
    expect(cluster.short('t', 1)).toBe('2/2');
    expect(cluster.state('t', 1).leaderEpoch).toBeGreaterThan(before);
  });

  const troubles: readonly (readonly [string, (cluster: ControlledCluster, id: number) => Trouble])[] = [
    ['is done, and its answer lost', () => 'answerLost'],
    ['is lost', () => 'requestLost'],
    [
      'finds the session expired',
      (cluster, id) => () => cluster.zookeeper.expire(cluster.member(id).session.sessionId),
    ],
  ];

  it.each(troubles)('comes to the same where any one of its requests %s', async (_, troubleOf) => {
    let isMet = true;
    let troubled = 0;
    while (isMet) {
      troubled++;
      const cluster = await ControlledCluster.of([1, 2]);
      await cluster.createTopic('t', { 0: [1, 2, 3], 1: [2, 1], 2: [1], 3: [4] });
      await cluster.createTopic('gone', { 0: [2] });
      await cluster.kill(2);
      await cluster.deleteTopic('gone');
      const trouble = troubleOf(cluster, 3);
      let troubledSession: TroubledSession | undefined;
      await cluster.start(3, {}, (session) => {
        troubledSession = new TroubledSession(session, troubled, trouble);
        return troubledSession.session;
      });
      await cluster.kill(1);
      await cluster.pass(3000);
      await cluster.start(2);
      await cluster.start(4);
      if (cluster.member(3).session.state === 'LOST') await cluster.renew(3);
      await cluster.pass(1500);
      isMet = (troubledSession?.requests ?? 0) >= troubled;
      const leaders = [0, 1, 2, 3].map((partition) => cluster.state('t', partition).leader);
      expect([troubled, ...leaders]).toEqual([troubled, undefined, undefined, undefined, 4]);
      expect(cluster.node('/brokers/topics/gone')).toBeUndefined();
      expect([...cluster.members.values()].filter(({ controller }) => controller.isActive).length).toBe(1);
      expect(cluster.log.filter(({ level }) => level === 'error')).toEqual([]);
      expect(cluster.uncaught).toEqual([]);
    }
    expect(troubled).toBeGreaterThan(40);
  });
});
