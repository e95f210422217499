import { describe, expect, it } from 'vitest';
import { ControlledCluster, registrationOf, reregister } from '../support/controlled-cluster.ts';

async function threeBrokers(): Promise<ControlledCluster> {
  const cluster = await ControlledCluster.of([1, 2, 3]);
  await cluster.createTopic('t', { 0: [1, 2, 3], 1: [2, 3, 1], 2: [3] });
  return cluster;
}

describe('a broker that dies', () => {
  it('leads nothing and is in sync with nothing any more, in a new epoch that all hear of', async () => {
    const cluster = await threeBrokers();
    await cluster.kill(2);
    expect([cluster.short('t', 0), cluster.short('t', 1)]).toEqual(['1/1,3', '3/3,1']);
    expect(cluster.state('t', 1)).toMatchObject({ leaderEpoch: 1, version: 1 });
    expect(cluster.broker(3).replicas.get('t-1')).toMatchObject({ leader: 3, leaderEpoch: 1, isNew: false });
    expect(cluster.broker(1).metadata.get('t-0')).toMatchObject({ isr: [1, 3], offlineReplicas: [2] });
    expect(cluster.broker(1).liveBrokers).toEqual([1, 3]);
  });

  it('stays the last one in sync where nobody else is, and leads again when it is back', async () => {
    const cluster = await threeBrokers();
    await cluster.kill(3);
    expect(cluster.short('t', 2)).toBe('-/3');
    expect(cluster.broker(1).metadata.get('t-2')).toMatchObject({ leader: -1, leaderEpoch: 1, offlineReplicas: [3] });
    await cluster.start(3);
    await cluster.pass(300);
    expect(cluster.state('t', 2)).toMatchObject({ leader: 3, leaderEpoch: 2 });
    expect(cluster.broker(3).replicas.get('t-2')).toMatchObject({ leader: 3, leaderEpoch: 2 });
  });

  it('is one of those whose partition waits where all die, whoever is back first', async () => {
    const cluster = await threeBrokers();
    await cluster.kill(3);
    await cluster.kill(2);
    await cluster.kill(1);
    await cluster.start(2);
    await cluster.pass(500);
    expect(cluster.short('t', 0)).toBe('-/1');
    await cluster.start(1);
    await cluster.pass(300);
    expect(cluster.short('t', 0)).toBe('1/1');
  });

  it('costs nothing where it has no replicas, but others hear of it', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.createTopic('t', { 0: [1] });
    await cluster.kill(2);
    expect(cluster.state('t').version).toBe(0);
    expect(cluster.broker(1).liveBrokers).toEqual([1]);
  });
});

describe('a broker that starts', () => {
  it('hears of all partitions, and of its own replicas; the others of it', async () => {
    const cluster = await threeBrokers();
    await cluster.kill(2);
    await cluster.start(2);
    await cluster.pass(300);
    expect([...cluster.broker(2).metadata.keys()].sort()).toEqual(['t-0', 't-1', 't-2']);
    expect([...cluster.broker(2).replicas.keys()].sort()).toEqual(['t-0', 't-1']);
    expect(cluster.broker(2).replicas.get('t-1')).toMatchObject({ leader: 3, isr: [3, 1] });
    expect(cluster.broker(1).liveBrokers).toEqual([1, 2, 3]);
  });

  it('is told until it answers', async () => {
    const cluster = await threeBrokers();
    cluster.broker(2).isReachable = false;
    await cluster.createTopic('u', { 0: [2, 1] });
    expect(cluster.broker(2).replicas.has('u-0')).toBe(false);
    cluster.broker(2).isReachable = true;
    await cluster.pass(300);
    expect(cluster.broker(2).replicas.get('u-0')).toMatchObject({ leader: 2, isNew: true });
  });

  it('is told the newest of what it missed, in one request', async () => {
    const cluster = await threeBrokers();
    cluster.broker(3).isReachable = false;
    await cluster.kill(2);
    const before = cluster.broker(3).requests('LeaderAndIsr').length;
    await cluster.createTopic('u', { 0: [3, 1] });
    await cluster.start(2);
    await cluster.pass(300);
    cluster.broker(3).isReachable = true;
    await cluster.pass(300);
    expect(cluster.broker(3).requests('LeaderAndIsr').length - before).toBeLessThanOrEqual(2);
    expect(cluster.broker(3).replicas.get('u-0')).toMatchObject({ leader: 3, isNew: true });
    expect(cluster.broker(3).liveBrokers).toEqual([1, 2, 3]);
  });
});

describe('a broker that is back before its absence was seen', () => {
  it('is treated as gone, then as come: out of the ISR, in a new epoch', async () => {
    const cluster = await threeBrokers();
    await cluster.bounce(2);
    expect([cluster.short('t', 0), cluster.short('t', 1)]).toEqual(['1/1,3', '3/3,1']);
    expect(cluster.broker(2).replicas.get('t-1')).toMatchObject({ leader: 3, leaderEpoch: 1 });
  });

  it('leads what only it can lead, in a new epoch, and nobody is elected uncleanly meanwhile', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3], { uncleanLeaderElectionEnable: true });
    await cluster.createTopic('t', { 0: [3, 1] });
    await cluster.kill(1);
    await cluster.start(1);
    await cluster.pass(500);
    expect(cluster.short('t')).toBe('3/3');
    const { leaderEpoch } = cluster.state('t');
    await cluster.bounce(3);
    expect(cluster.short('t')).toBe('3/3');
    expect(cluster.state('t').leaderEpoch).toBeGreaterThan(leaderEpoch);
    expect(cluster.uncleanElections).toBe(0);
  });

  it('takes no requests that were meant for its earlier life', async () => {
    const cluster = await threeBrokers();
    cluster.broker(2).isMute = true;
    await cluster.createTopic('u', { 0: [2, 1] });
    await cluster.bounce(2);
    cluster.broker(2).isMute = false;
    await cluster.pass(3000);
    expect(cluster.broker(2).refusals).toBe(0);
    for (const { brokerEpoch } of cluster.broker(2).requests('LeaderAndIsr').slice(-1)) {
      expect(Number(brokerEpoch)).toBe(cluster.broker(2).epoch);
    }
    expect(cluster.broker(2).replicas.get('u-0')).toMatchObject({ leader: 1 });
  });
});

describe('a broker that changes its registration', () => {
  it('is known to all by its new endpoints, and told of everything at the new place', async () => {
    const cluster = await threeBrokers();
    const endpoints = [{ ...registrationOf(2).endpoints[0], port: 7000 }] as never;
    cluster.broker(2).received.length = 0;
    await reregister(cluster, 2, { endpoints });
    await cluster.pass(200);
    const told = cluster.broker(1).requests('UpdateMetadata').at(-1)?.liveBrokers;
    expect(told?.find(({ id }) => id === 2)?.endpoints).toMatchObject([{ port: 7000, listener: 'PEERS' }]);
    expect(cluster.broker(2).requests('LeaderAndIsr').length).toBe(1);
    expect(cluster.state('t', 0).version).toBe(0);
  });

  it('is told nothing where it has no listener for peers, and nobody else suffers', async () => {
    const cluster = await threeBrokers();
    const endpoint = { listener: 'OTHER', securityProtocol: 'PLAINTEXT', host: 'b4', port: 1 } as const;
    await cluster.start(4, { endpoints: [endpoint] });
    await cluster.pass(300);
    expect(cluster.broker(4).received).toEqual([]);
    expect(cluster.broker(1).liveBrokers).toEqual([1, 2, 3, 4]);
    expect(cluster.member(1).controller.isActive).toBe(true);
  });
});
