import { configPath, encodeConfig } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { ControlledCluster, reregister } from '../support/controlled-cluster.ts';

const UNCLEAN = { 'unclean.leader.election.enable': 'true' };
const MARKED = { unclean: true };

/** Topic `t`, whose only member in sync, broker 2, has died. */
async function withoutIsr(config: Readonly<Record<string, string>>, broker = false): Promise<ControlledCluster> {
  const cluster = await ControlledCluster.of([1, 2, 3], { uncleanLeaderElectionEnable: broker });
  await cluster.createTopic('t', { 0: [2, 3] }, config);
  await cluster.kill(3);
  await cluster.start(3);
  await cluster.pass(300);
  expect(cluster.short('t')).toBe('2/2');
  await cluster.kill(2);
  return cluster;
}

describe('unclean leader election', () => {
  it('does not happen unless it is allowed', async () => {
    const cluster = await withoutIsr({});
    expect([cluster.short('t'), cluster.uncleanElections]).toEqual(['-/2', 0]);
  });

  it.each([
    ['the topic', UNCLEAN, false],
    ['the broker, where the topic says nothing', {}, true],
  ] as const)('is allowed by %s', async (_, config, broker) => {
    const cluster = await withoutIsr(config, broker);
    expect(cluster.short('t')).toBe('3/3');
    expect(cluster.state('t').isRecovering).toBe(true);
    expect(cluster.uncleanElections).toBe(1);
    expect(cluster.broker(3).requests('LeaderAndIsr').at(-1)?.topicStates?.[0]?.partitionStates[0]).toMatchObject({
      leaderRecoveryState: 1,
    });
  });

  it('is forbidden by the topic over what the broker says', async () => {
    const cluster = await withoutIsr({ 'unclean.leader.election.enable': 'false' }, true);
    expect(cluster.short('t')).toBe('-/2');
  });

  it('happens once the topic allows it', async () => {
    const cluster = await withoutIsr({});
    const operator = await cluster.operator();
    const entity = { type: 'topic', topic: 't' } as const;
    await cluster.run(operator.set(configPath(entity), encodeConfig(new Map(Object.entries(UNCLEAN))), -1));
    await cluster.run(
      operator.create('/config/changes/config_change_', changeOf('t'), { mode: 'persistentSequential' }),
    );
    await cluster.pass(300);
    expect([cluster.short('t'), cluster.uncleanElections]).toEqual(['3/3', 1]);
  });
});

describe('a broker with the unclean mark', () => {
  it('leaves the ISRs that have another member, and leads nothing there', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 1, 3] });
    await cluster.bounce(2, MARKED);
    expect(cluster.short('t')).toBe('1/1,3');
  });

  it('is not elected while one without the mark may return', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await killTogether(cluster, [2, 3]);
    await cluster.start(2, MARKED);
    await cluster.pass(1000);
    expect(cluster.short('t')).toBe('-/2,3');
    await cluster.start(3);
    await cluster.pass(1000);
    expect(cluster.short('t')).toBe('3/3');
  });

  it.each([
    ['the later epoch', [3, 99], [4, 10], '3/3'],
    ['the greater end of the log', [4, 11], [4, 10], '2/2'],
    ['the order of preference', [4, 10], [4, 10], '2/2'],
  ] as const)('is elected by %s where all of the ISR are back with the mark', async (_, end2, end3, outcome) => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await killTogether(cluster, [2, 3]);
    cluster.broker(2).logEnds.set('t-0', end2);
    cluster.broker(3).logEnds.set('t-0', end3);
    await cluster.start(2, MARKED);
    await cluster.pass(1000);
    expect(cluster.broker(2).requests('ListOffsets')).toEqual([]);
    await cluster.start(3, MARKED);
    await cluster.pass(1000);
    expect(cluster.short('t')).toBe(outcome);
    expect(cluster.broker(2).requests('ListOffsets')[0]).toMatchObject({
      replicaId: -2,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
    });
    expect(cluster.uncleanElections).toBe(0);
  });

  it('is asked until it answers, and nobody is elected before', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await killTogether(cluster, [2, 3]);
    cluster.broker(3).logEnds.set('t-0', [7, 7]);
    await cluster.start(2, MARKED);
    await cluster.start(3, MARKED);
    cluster.broker(3).isMute = true;
    await cluster.pass(10_000);
    expect(cluster.short('t')).toBe('-/2,3');
    cluster.broker(3).isMute = false;
    await cluster.pass(5000);
    expect(cluster.short('t')).toBe('3/3');
  });

  it('is asked by the next controller, too, in the middle of the question', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3, 4]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await killTogether(cluster, [2, 3]);
    cluster.broker(3).logEnds.set('t-0', [7, 7]);
    cluster.broker(3).isMute = true;
    await cluster.start(2, MARKED);
    await cluster.start(3, MARKED);
    await cluster.pass(1000);
    await cluster.kill(1);
    cluster.broker(3).isMute = false;
    await cluster.pass(5000);
    expect(cluster.short('t')).toBe('3/3');
  });

  it('counts for nothing with an answer from before it died once more', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await killTogether(cluster, [2, 3]);
    cluster.broker(2).logEnds.set('t-0', [9, 9]);
    cluster.broker(3).logEnds.set('t-0', [7, 7]);
    cluster.broker(3).isMute = true;
    await cluster.start(2, MARKED);
    await cluster.start(3, MARKED);
    await cluster.pass(1000);
    expect(cluster.broker(2).requests('ListOffsets').length).toBeGreaterThan(0);
    cluster.broker(2).logEnds.set('t-0', [7, 3]);
    await cluster.bounce(2, MARKED);
    cluster.broker(3).isMute = false;
    await cluster.pass(5000);
    expect(cluster.short('t')).toBe('3/3');
  });

  it('is trusted again once its leader has taken it into the ISR', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await cluster.bounce(2, MARKED);
    const { leaderEpoch, version } = cluster.state('t');
    await cluster.alterIsr(3, 't', { leaderEpoch, partitionEpoch: version, isr: [3, 2] });
    expect(cluster.short('t')).toBe('3/3,2');
    await cluster.kill(3);
    expect(cluster.short('t')).toBe('2/2');
  });

  it('is not trusted by the next controller, which knows only the mark, until it has been taken in once more', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.createTopic('t', { 0: [2, 1] });
    await cluster.bounce(2, MARKED);
    const { leaderEpoch, version } = cluster.state('t');
    await cluster.alterIsr(1, 't', { leaderEpoch, partitionEpoch: version, isr: [1, 2] });
    await cluster.kill(1);
    await cluster.pass(500);
    expect(cluster.short('t')).toBe('-/1,2');
    await cluster.start(1);
    await cluster.pass(500);
    expect(cluster.short('t')).toBe('1/1');
  });

  it('that leads, and all of whose ISR is marked, leads no more before a new controller asks for the ends of logs', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await cluster.bounce(2, MARKED);
    await cluster.bounce(3, MARKED);
    const { leader = 0, leaderEpoch, version } = cluster.state('t');
    await cluster.alterIsr(leader, 't', { leaderEpoch, partitionEpoch: version, isr: [2, 3] });
    const before = cluster.state('t');
    expect(before).toMatchObject({ isr: [2, 3], leader });
    cluster.broker(2).logEnds.set('t-0', [5, 8]);
    cluster.broker(3).logEnds.set('t-0', [5, 9]);
    const statesAsked: (number | undefined)[] = [];
    for (const id of [2, 3]) cluster.broker(id).onListOffsets = () => statesAsked.push(cluster.state('t').leader);
    await cluster.kill(1);
    await cluster.pass(1000);
    expect(cluster.short('t')).toBe('3/3');
    expect(new Set(statesAsked)).toEqual(new Set([undefined]));
  });

  it('hears nothing of a new controller until that has dealt with the mark', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await cluster.run(cluster.member(1).controller.close());
    await cluster.kill(1);
    const { session } = cluster.member(2);
    // Nobody is controller while it comes back.
    cluster.member(3).host.process.pause();
    cluster.member(2).host.hold();
    cluster.zookeeper.expire(session.sessionId);
    await cluster.bounce(2, MARKED);
    cluster.member(3).host.process.resume();
    await cluster.pass(4000);
    expect(cluster.short('t')).toBe('3/3');
    const [first, second] = cluster
      .broker(2)
      .received.filter(
        ({ request }) => 'brokerEpoch' in request && Number(request.brokerEpoch) === cluster.broker(2).epoch,
      );
    expect([first?.api, second?.api]).toEqual(['LeaderAndIsr', 'UpdateMetadata']);
    expect(cluster.broker(2).metadata.get('t-0')).toMatchObject({ leader: 3 });
  });

  it('is told nothing anew, and stays doubted, when it takes the mark out of its registration', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3] });
    await cluster.bounce(2, MARKED);
    const before = cluster.broker(2).requests('LeaderAndIsr').length;
    await reregister(cluster, 2, {});
    await cluster.pass(200);
    expect(cluster.broker(2).requests('LeaderAndIsr').length).toBe(before);
    expect(cluster.short('t')).toBe('3/3');
  });
});

/** Both stay in the ISR. */
async function killTogether(cluster: ControlledCluster, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const { host, session, broker } = cluster.member(id);
    host.hold();
    host.process.pause();
    broker.isReachable = false;
    cluster.members.delete(id);
    cluster.zookeeper.expire(session.sessionId);
  }
  await cluster.pass(1000);
  expect(cluster.short('t')).toBe('-/2,3');
}

function changeOf(topic: string): Uint8Array {
  return Buffer.from(JSON.stringify({ version: 2, entity_path: `topics/${topic}` }));
}
