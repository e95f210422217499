import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { FetchingCluster, FOLLOWER, followed } from '../../support/fetching/fetching-cluster.ts';

const LEADER = brokerId(1);

const twoPartitions = async () => {
  const cluster = new FetchingCluster();
  const replicas = cluster.addLeader(LEADER);
  const [ledSlow, ledQuick] = [replicas.lead('slow'), replicas.lead('quick')];
  const [slow, quick] = [followed('slow'), followed('quick')];
  cluster.follow(LEADER, 0, slow, quick);
  await cluster.pass(100);
  return { cluster, ledSlow, ledQuick, slow, quick };
};

describe('while a log is flushing', () => {
  it('nothing of it is acknowledged (rule 5)', async () => {
    const { cluster, ledSlow, ledQuick, slow } = await twoPartitions();
    const flush = Promise.withResolvers<void>();
    slow.flush = flush.promise;
    ledSlow.append();
    for (let round = 0; round < 20; round++) {
      ledQuick.append();
      await cluster.pass(40);
    }
    expect(slow.log.endOffset).toBe(1);
    expect(ledSlow.followers.get(FOLLOWER)?.fetchOffset).toBe(0);
    flush.resolve();
    await cluster.pass(3);
    expect(ledSlow.followers.get(FOLLOWER)?.fetchOffset).toBe(1);
  });

  it('the others are held up for a moment, once, and then go on', async () => {
    const { cluster, ledSlow, ledQuick, slow, quick } = await twoPartitions();
    slow.flush = new Promise(() => {});
    ledSlow.append();
    await cluster.pass(35);
    for (let end = 1; end <= 5; end++) {
      ledQuick.append();
      await cluster.pass(4);
      expect(quick.log.endOffset).toBe(end);
      expect(ledQuick.followers.get(FOLLOWER)?.fetchOffset).toBe(end);
    }
  });

  it('the next fetch waits a moment for it, to ask for all in one', async () => {
    const { cluster, ledSlow, slow } = await twoPartitions();
    cluster.peers.sent.length = 0;
    const flush = Promise.withResolvers<void>();
    slow.flush = flush.promise;
    ledSlow.append();
    await cluster.pass(5);
    expect(cluster.peers.requests('Fetch')).toHaveLength(0);
    flush.resolve();
    await cluster.pass(2);
    expect(cluster.peers.requests('Fetch')).toHaveLength(1);
  });

  it('records that crossed the next fetch on the way are not appended twice', async () => {
    const { cluster, ledSlow, ledQuick, slow, quick } = await twoPartitions();
    const flush = Promise.withResolvers<void>();
    slow.flush = flush.promise;
    ledSlow.append();
    await cluster.pass(30);
    // The leader answers with what has come to the one, while the other asks again.
    ledQuick.append();
    flush.resolve();
    await cluster.pass(0.5);
    ledSlow.append();
    await cluster.pass(50);
    expect(quick.changes).toEqual(['append to 1']);
    expect(slow.changes).toEqual(['append to 1', 'append to 2']);
    expect(cluster.log.lines).toEqual([]);
  });
});
