import { brokerId, leaderEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { FetchingCluster, FOLLOWER, followed } from '../../support/fetching/fetching-cluster.ts';

const LEADER = brokerId(1);

describe('following', () => {
  it('copies what the leader has, and says so with the next fetch', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(LEADER).lead('a');
    led.append(3);
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(20);
    expect(partition.log.content).toEqual(['0@0+3']);
    expect(led.followers.get(FOLLOWER)).toEqual({ fetchOffset: 3, brokerEpoch: 700 });
  });

  it('gets new records as soon as they are there, and the leader knows after one more round trip', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(LEADER).lead('a');
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(100);
    led.append();
    await cluster.pass(1);
    expect(partition.log.content).toEqual(['0@0+1']);
    await cluster.pass(1);
    expect(led.followers.get(FOLLOWER)?.fetchOffset).toBe(1);
  });

  it('learns the high watermark with the records that follow, or when the wait of a fetch is over', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(LEADER).lead('a');
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    led.append(2);
    await cluster.pass(20);
    led.commitTo(2);
    await cluster.pass(100);
    expect(partition.highWatermark).toBe(0);
    await cluster.pass(500);
    expect(partition.highWatermark).toBe(2);
  });

  it('takes over the log start of the leader', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(LEADER).lead('a');
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    for (let batch = 0; batch < 4; batch++) led.append();
    await cluster.pass(20);
    led.log.deleteBefore(led.log.endOffset);
    led.commitTo(4);
    await cluster.pass(600);
    expect(partition.log.startOffset).toBe(4);
  });

  it('puts all partitions of one call into one request', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const partitions = Array.from({ length: 1000 }, (_, index) => followed('a', index));
    for (const { topicPartition } of partitions) replicas.lead('a', topicPartition.partition).append();
    cluster.follow(LEADER, 0, ...partitions);
    await cluster.pass(30);
    expect(partitions.filter(({ log }) => log.endOffset !== 1)).toEqual([]);
    expect(cluster.peers.requests('Fetch').length).toBeLessThanOrEqual(3);
    expect(
      [...replicas.partitions.values()].filter(({ followers }) => followers.get(FOLLOWER)?.fetchOffset !== 1),
    ).toEqual([]);
  });

  it('fetches a partition that joins at once, though another fetch waits at the leader', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    replicas.lead('a');
    cluster.follow(LEADER, 0, followed('a'));
    await cluster.pass(100);
    const led = replicas.lead('b');
    led.append();
    const joining = followed('b');
    cluster.follow(LEADER, 0, joining);
    await cluster.pass(2);
    expect(joining.log.content).toEqual(['0@0+1']);
  });

  it('never has two fetches wait for the same partition, nor a log do two things at once', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const partitions = Array.from({ length: 20 }, (_, index) => followed('a', index));
    for (const partition of partitions) {
      replicas.lead('a', partition.topicPartition.partition).append();
      cluster.follow(LEADER, 0, partition);
      await cluster.pass(0.3);
    }
    for (let round = 0; round < 50; round++) {
      for (const led of replicas.partitions.values()) led.append();
      await cluster.pass(0.7);
    }
    await cluster.pass(50);
    expect(partitions.map(({ log }) => log.content)).toEqual(
      [...replicas.partitions.values()].map(({ log }) => log.content),
    );
    expect(partitions.filter(({ mostAtOnce }) => mostAtOnce !== 1)).toEqual([]);
  });

  it('asks for what has changed, and only for that', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const partitions = [0, 1, 2].map((index) => followed('a', index));
    for (const index of [0, 1, 2]) replicas.lead('a', index);
    cluster.follow(LEADER, 0, ...partitions);
    await cluster.pass(700);
    cluster.peers.sent.length = 0;
    replicas.partitions.get('a-1')?.append();
    await cluster.pass(5);
    expect(cluster.peers.requests('Fetch').map(({ topics }) => topics)).toEqual([
      [expect.objectContaining({ partitions: [expect.objectContaining({ partition: 1, fetchOffset: 1n })] })],
    ]);
    cluster.peers.sent.length = 0;
    await cluster.pass(3000);
    const idle = cluster.peers.requests('Fetch');
    expect(idle.length).toBeLessThanOrEqual(7);
    expect(idle.filter(({ topics }) => topics.length > 0)).toEqual([]);
  });

  it('says in which epoch it follows, what it has last, and who it is', async () => {
    const cluster = new FetchingCluster();
    cluster.addLeader(LEADER).lead('a', 0, leaderEpoch(4)).append(2);
    const partition = followed('a');
    partition.wrote(leaderEpoch(4), 2);
    cluster.follow(LEADER, 4, partition);
    await cluster.pass(5);
    expect(cluster.peers.requests('Fetch')[0]).toMatchObject({
      replicaState: { replicaId: FOLLOWER, replicaEpoch: 700n },
      topics: [{ partitions: [{ currentLeaderEpoch: 4, lastFetchedEpoch: 4, fetchOffset: 2n, logStartOffset: 0n }] }],
    });
  });

  it('waits until its broker has registered', async () => {
    const cluster = new FetchingCluster();
    cluster.addLeader(LEADER).lead('a').append();
    cluster.ownEpoch = undefined;
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(1000);
    expect(cluster.peers.sent).toEqual([]);
    cluster.ownEpoch = 701;
    await cluster.pass(200);
    expect(partition.log.endOffset).toBe(1);
  });

  it('fetches from the new leader alone, and throws away what comes from the old one', async () => {
    const cluster = new FetchingCluster();
    const [old, fresh] = [
      cluster.addLeader(LEADER).lead('a'),
      cluster.addLeader(brokerId(2)).lead('a', 0, leaderEpoch(1)),
    ];
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(100);
    old.append();
    await cluster.pass(0.5);
    cluster.follow(brokerId(2), 1, partition);
    fresh.append(2);
    await cluster.pass(50);
    expect(partition.log.content).toEqual(['0@1+2']);
    old.append();
    await cluster.pass(600);
    expect(partition.log.content).toEqual(['0@1+2']);
  });

  it('waits for what its log still does for the last epoch before it asks in the next', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(LEADER).lead('a');
    const partition = followed('a');
    const flush = Promise.withResolvers<void>();
    partition.flush = flush.promise;
    led.append();
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(50);
    led.lead(leaderEpoch(1));
    cluster.follow(LEADER, 1, partition);
    cluster.peers.sent.length = 0;
    await cluster.pass(50);
    expect(cluster.peers.sent).toEqual([]);
    partition.flush = undefined;
    flush.resolve();
    await cluster.pass(5);
    expect(cluster.peers.requests('Fetch')[0]?.topics?.[0]?.partitions[0]).toMatchObject({
      currentLeaderEpoch: 1,
      fetchOffset: 1n,
    });
  });

  it('says once that it follows in a new epoch, though answers to what it asked before are still on their way', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(LEADER).lead('a');
    const partition = followed('a');
    partition.wrote(leaderEpoch(0), 1);
    led.append();
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(100);
    cluster.peers.sent.length = 0;
    led.lead(leaderEpoch(1));
    cluster.follow(LEADER, 1, partition);
    await cluster.pass(200);
    expect(cluster.peers.requests('Fetch').filter(({ topics }) => topics.length > 0)).toHaveLength(1);
    expect(cluster.peers.requests('Fetch').length).toBeLessThanOrEqual(3);
  });

  it('fetches nothing any more for what is not followed', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const [kept, left] = [replicas.lead('a'), replicas.lead('b')];
    const [keeping, leaving] = [followed('a'), followed('b')];
    cluster.follow(LEADER, 0, keeping, leaving);
    await cluster.pass(100);
    cluster.fetchers.unfollow([leaving.topicPartition]);
    for (const led of [kept, left]) led.append();
    await cluster.pass(1200);
    expect([keeping.log.endOffset, leaving.log.endOffset]).toEqual([1, 0]);
    expect(cluster.peers.requests('Fetch').flatMap(({ forgottenTopicsData = [] }) => forgottenTopicsData)).toHaveLength(
      1,
    );
    cluster.fetchers.unfollow([keeping.topicPartition]);
    await cluster.pass(1000);
    cluster.peers.sent.length = 0;
    await cluster.pass(1000);
    expect(cluster.peers.sent).toEqual([]);
  });

  it('does not follow a partition whose topic has no id', async () => {
    const cluster = new FetchingCluster();
    cluster.addLeader(LEADER).lead('a');
    const partition = followed('a');
    Object.assign(partition, { topicId: undefined });
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(100);
    expect(cluster.peers.sent).toEqual([]);
    expect(cluster.log.lines).toEqual(['error: cannot follow a partition whose topic has no id']);
  });

  it('spreads over as many fetchers as there should be', async () => {
    const cluster = new FetchingCluster({ fetchersPerLeader: 4 });
    const replicas = cluster.addLeader(LEADER);
    const partitions = Array.from({ length: 8 }, (_, index) => followed('a', index));
    for (const { topicPartition } of partitions) replicas.lead('a', topicPartition.partition).append();
    cluster.follow(LEADER, 0, ...partitions);
    await cluster.pass(30);
    expect(partitions.filter(({ log }) => log.endOffset !== 1)).toEqual([]);
    expect(cluster.peers.requests('Fetch').filter(({ sessionEpoch }) => sessionEpoch === 0)).toHaveLength(4);
  });

  it('goes on without a session where the leader has no room for one', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER, { slots: 0 });
    const led = replicas.lead('a');
    const partition = followed('a');
    cluster.follow(LEADER, 0, partition);
    await cluster.pass(50);
    const waits = cluster.peers.requests('Fetch').map(({ maxWaitMs }) => maxWaitMs);
    expect(waits.slice(0, 3)).toEqual([0, 500, 500]);
    led.append();
    await cluster.pass(50);
    expect(partition.log.endOffset).toBe(1);
    expect(led.followers.get(FOLLOWER)?.fetchOffset).toBe(1);
  });
});

describe('closing', () => {
  it('touches no log once it is closed', async () => {
    const cluster = new FetchingCluster();
    const led = cluster.addLeader(LEADER).lead('a');
    const partition = followed('a');
    const flush = Promise.withResolvers<void>();
    partition.flush = flush.promise;
    cluster.follow(LEADER, 0, partition);
    led.append();
    await cluster.pass(50);
    let isClosed = false;
    const closing = cluster.fetchers.close().then(() => {
      isClosed = true;
    });
    led.append();
    await cluster.pass(50);
    expect(isClosed).toBe(false);
    flush.resolve();
    await closing;
    partition.flush = undefined;
    await cluster.pass(2000);
    expect(partition.log.content).toEqual(['0@0+1']);
    cluster.follow(LEADER, 0, followed('a'));
    cluster.peers.sent.length = 0;
    await cluster.pass(1000);
    expect(cluster.peers.sent).toEqual([]);
  });
});
