import { brokerId, leaderEpoch, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { FetchingCluster, FOLLOWER, followed } from '../../support/fetching/fetching-cluster.ts';
import type { MemoryPartition } from '../../support/fetching/memory-replicas.ts';

const LEADER = brokerId(1);

/** A leader in its last epoch that has written so many records in each of these. */
const leaderWith = (
  cluster: FetchingCluster,
  ...epochs: readonly (readonly [epoch: number, count: number])[]
): MemoryPartition => {
  const led = cluster.addLeader(LEADER).lead('a', 0, leaderEpoch(epochs[0]?.[0] ?? 0));
  for (const [epoch, count] of epochs) {
    led.lead(leaderEpoch(epoch));
    for (let record = 0; record < count; record++) led.append();
  }
  return led;
};

describe('where the logs part', () => {
  it('cuts what the leader does not have, and goes on from there', async () => {
    const cluster = new FetchingCluster();
    const led = leaderWith(cluster, [1, 3], [2, 1]);
    const partition = followed('a');
    for (let record = 0; record < 5; record++) partition.wrote(leaderEpoch(1), 1);
    cluster.follow(LEADER, 2, partition);
    await cluster.pass(50);
    expect(partition.changes).toEqual(['truncate to 3', 'append to 4']);
    expect(partition.log.content).toEqual(led.log.content);
  });

  it('cuts again until they agree, after elections too fast for one step (trap 2)', async () => {
    const cluster = new FetchingCluster();
    const led = leaderWith(cluster, [1, 2], [4, 2], [6, 2]);
    const partition = followed('a');
    // Epochs 3 and 5 were this replica's own; the leader has never heard of what was written in them.
    for (const [epoch, count] of [
      [1, 2],
      [3, 1],
      [5, 2],
    ] as const) {
      for (let record = 0; record < count; record++) partition.wrote(leaderEpoch(epoch), 1);
    }
    cluster.follow(LEADER, 6, partition);
    await cluster.pass(50);
    expect(partition.changes.filter((change) => change.startsWith('truncate')).length).toBeGreaterThan(1);
    expect(partition.log.content).toEqual(led.log.content);
  });

  it('does not acknowledge what it is about to cut', async () => {
    const cluster = new FetchingCluster();
    const led = leaderWith(cluster, [1, 3], [2, 0]);
    const partition = followed('a');
    for (let record = 0; record < 5; record++) partition.wrote(leaderEpoch(1), 1);
    cluster.follow(LEADER, 2, partition);
    await cluster.pass(2);
    expect(led.followers.get(FOLLOWER)).toBeUndefined();
    await cluster.pass(50);
    expect(led.followers.get(FOLLOWER)?.fetchOffset).toBe(3);
  });

  it('keeps what lies above its own high watermark if the leader has it too (trap 1)', async () => {
    const cluster = new FetchingCluster();
    const led = leaderWith(cluster, [1, 3], [2, 0]);
    const partition = followed('a');
    for (let record = 0; record < 3; record++) partition.wrote(leaderEpoch(1), 1);
    expect(partition.highWatermark).toBe(0);
    cluster.follow(LEADER, 2, partition);
    await cluster.pass(50);
    expect(partition.changes).toEqual([]);
    expect(led.followers.get(FOLLOWER)?.fetchOffset).toBe(3);
  });

  it('backs off where the leader goes on saying so and there is nothing to cut', async () => {
    const cluster = new FetchingCluster();
    leaderWith(cluster, [1, 3], [2, 0]);
    const partition = followed('a');
    for (let record = 0; record < 5; record++) partition.wrote(leaderEpoch(1), 1);
    partition.truncateToDiverging = () => Promise.resolve();
    cluster.follow(LEADER, 2, partition);
    await cluster.pass(2000);
    expect(cluster.peers.requests('Fetch').length).toBeLessThan(20);
    expect(cluster.log.lines).toEqual(['warn: cannot follow at the moment']);
  });
});

describe('out of the leader’s range', () => {
  it('begins anew where the leader begins, if that lies beyond its own end', async () => {
    const cluster = new FetchingCluster();
    const led = leaderWith(cluster, [1, 5]);
    led.log.deleteBefore(offset(3));
    const wiped = followed('a');
    cluster.follow(LEADER, 1, wiped);
    await cluster.pass(50);
    expect(wiped.changes).toEqual(['start anew at 3', 'append to 5']);
    expect(wiped.log.content).toEqual(['3@1+1', '4@1+1']);
    expect(led.followers.get(FOLLOWER)?.fetchOffset).toBe(5);
  });

  it('cuts back to the leader’s end where the leader has lost more', async () => {
    const cluster = new FetchingCluster();
    const led = leaderWith(cluster, [1, 2]);
    const partition = followed('a');
    for (let record = 0; record < 4; record++) partition.wrote(leaderEpoch(1), 1);
    // The leader knows nothing of the epoch that the follower has last.
    partition.wrote(leaderEpoch(2), 1);
    cluster.follow(LEADER, 1, partition);
    await cluster.pass(50);
    expect(partition.changes[0]).toBe('truncate to 2');
    expect(partition.log.content).toEqual(led.log.content);
  });

  it('asks for the ends of all such partitions in two requests', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const partitions = Array.from({ length: 100 }, (_, index) => followed('a', index));
    for (const index of partitions.keys()) {
      const led = replicas.lead('a', index);
      for (let record = 0; record < 3; record++) led.append();
      led.log.deleteBefore(offset(2));
    }
    cluster.follow(LEADER, 0, ...partitions);
    await cluster.pass(50);
    expect(partitions.filter(({ log }) => log.endOffset !== 3)).toEqual([]);
    expect(cluster.peers.requests('ListOffsets')).toHaveLength(2);
    expect(cluster.peers.requests('ListOffsets')[0]).toMatchObject({ replicaId: FOLLOWER });
  });

  it('backs off while the ends cannot be had', async () => {
    const cluster = new FetchingCluster();
    const led = leaderWith(cluster, [1, 5]);
    led.log.deleteBefore(offset(3));
    const partition = followed('a');
    cluster.follow(LEADER, 1, partition);
    await cluster.pass(2.5);
    expect(cluster.peers.requests('ListOffsets')).toHaveLength(2);
    led.fail('NOT_LEADER_OR_FOLLOWER');
    await cluster.pass(1000);
    expect(partition.changes).toEqual([]);
    led.fail(undefined);
    await cluster.pass(1100);
    expect(partition.log.endOffset).toBe(5);
  });
});
