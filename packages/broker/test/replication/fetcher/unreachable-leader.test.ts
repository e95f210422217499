import { brokerId } from '@barnabas/model';
import { PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { FetchingCluster, followed } from '../../support/fetching/fetching-cluster.ts';

const LEADER = brokerId(1);

describe('a leader that cannot be reached', () => {
  it('is tried again after 50 ms at most, then less and less often, and said once', async () => {
    const cluster = new FetchingCluster();
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(5000);
    const times = cluster.peers.sent.map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    expect(pauses[0]).toBeLessThanOrEqual(51);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(1001);
    expect(Math.min(...pauses.slice(-3))).toBeGreaterThanOrEqual(500);
    expect(cluster.log.lines).toEqual(['warn: cannot reach a leader']);
  });

  it('is not spoken of where it is back within three seconds, and once in each longer absence', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    replicas.lead('a');
    cluster.follow(LEADER, 0, followed('a'));
    await cluster.pass(100);
    const awayFor = async (durationMs: number): Promise<void> => {
      cluster.peers.kill(LEADER);
      await cluster.pass(durationMs);
      cluster.serve(LEADER, replicas);
      await cluster.pass(2000);
    };
    await awayFor(2500);
    expect(cluster.log.lines).toEqual([]);
    await awayFor(10_000);
    expect(cluster.log.lines).toEqual(['warn: cannot reach a leader']);
    await awayFor(10_000);
    expect(cluster.log.lines).toHaveLength(2);
  });

  it('is fetched from again when it is back, in a session of its own', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const led = replicas.lead('a');
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(100);
    cluster.peers.kill(LEADER);
    await cluster.pass(300);
    led.append();
    cluster.serve(LEADER, replicas);
    await cluster.pass(500);
    expect(partition.log.endOffset).toBe(1);
  });

  it('does not keep others from being followed', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(brokerId(2)).lead('b');
    const partition = followed('b');
    cluster.follow(LEADER, 0, followed('a'));
    cluster.follow(brokerId(2), 0, partition);
    await cluster.pass(1000);
    led.append();
    await cluster.pass(3);
    expect(partition.log.endOffset).toBe(1);
  });

  it('that has forgotten the session gets another one at once', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const led = replicas.lead('a');
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(100);
    cluster.serve(LEADER, replicas);
    led.append();
    await cluster.pass(700);
    expect(partition.log.endOffset).toBe(1);
    expect(cluster.log.lines).toEqual([]);
  });

  it('whose answer never comes is given up after a while, and what it says then is thrown away', async () => {
    const cluster = new FetchingCluster({ requestTimeoutMs: 2000 });
    const replicas = cluster.addLeader(LEADER);
    const led = replicas.lead('a');
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(100);
    const lost = Promise.withResolvers<never>();
    const { send } = cluster.peers;
    cluster.peers.send = () => lost.promise;
    await cluster.pass(600);
    cluster.peers.send = send;
    led.append();
    await cluster.pass(1000);
    expect(partition.log.endOffset).toBe(0);
    lost.reject(new PeerError('unknown', 'deadline', 'no answer'));
    await cluster.pass(100);
    expect(partition.log.content).toEqual(['0@0+1']);
  });
});
