import { brokerId, ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { consumerFetch, ReplicaCluster } from '../support/replication/replica-cluster.ts';

const high = (cluster: ReplicaCluster, id = 1): number => cluster.logOf(id).highWatermark;

/** Appended and flushed at the leader; what becomes of the answer is not looked at. */
const append = async (cluster: ReplicaCluster, count = 1): Promise<void> => {
  const result = await cluster.produce(1, { count, acks: 1 });
  expect(result.kind).toBe('appended');
};

describe('the high watermark of a leader', () => {
  it('waits for every member of the ISR, each by what it fetches next', async () => {
    const cluster = await ReplicaCluster.start();
    await append(cluster, 3);
    expect(high(cluster)).toBe(0);
    await cluster.replicate(2, [2]);
    expect(cluster.logOf(2).endOffset).toBe(3);
    expect(high(cluster)).toBe(0);
    await cluster.replicate(1, [3]);
    expect(cluster.logOf(3).endOffset).toBe(3);
    expect(high(cluster)).toBe(0);
    await cluster.replicate(1, [3]);
    expect(high(cluster)).toBe(3);
  });

  it('is held by a member of the ISR that has not fetched in this epoch', async () => {
    const cluster = await ReplicaCluster.start();
    await append(cluster);
    await cluster.replicate(2);
    expect(high(cluster)).toBe(1);
    await cluster.elect(1);
    await append(cluster);
    await cluster.replicate(2, [2]);
    expect(cluster.logOf(2).endOffset).toBe(2);
    expect(high(cluster)).toBe(1);
    await cluster.replicate(2, [3]);
    expect(high(cluster)).toBe(2);
  });

  it('counts nothing of the leader that is not flushed, though the followers have it', async () => {
    const cluster = await ReplicaCluster.start();
    const release = cluster.broker(1).disk.faults.stall('sync', /\.log$/);
    void cluster.produce(1, { count: 2 });
    await cluster.settled();
    await cluster.replicate(2);
    expect(cluster.logOf(2).endOffset).toBe(2);
    expect(high(cluster)).toBe(0);
    release();
    await cluster.settled();
    expect(high(cluster)).toBe(2);
  });

  it('counts what is written with log.flush=os', async () => {
    const cluster = await ReplicaCluster.start({ flushMode: 'os' });
    cluster.broker(1).disk.faults.stall('sync', /\.log$/);
    const produced = cluster.produce(1, { count: 2 });
    await cluster.settled();
    await cluster.replicate(2);
    expect(high(cluster)).toBe(2);
    expect((await produced).kind).toBe('appended');
  });

  it('does not move while fewer replicas are in sync than min.insync.replicas asks for', async () => {
    const cluster = await ReplicaCluster.start({ config: { minInsyncReplicas: 2 } });
    await cluster.elect(1, [1]);
    await append(cluster);
    expect(high(cluster)).toBe(0);
    cluster.config = { ...cluster.config, minInsyncReplicas: 1 };
    cluster.broker(1).configChanged('t');
    expect(high(cluster)).toBe(1);
  });

  it('asks for no more replicas than there are', async () => {
    const cluster = new ReplicaCluster({ brokers: 1, config: { minInsyncReplicas: 3 } });
    await cluster.broker(1).start();
    cluster.controller.registered.set(brokerId(1), cluster.broker(1).epoch);
    cluster.controller.create(0, [brokerId(1)]);
    await cluster.tell([1]);
    expect((await cluster.produce(1)).kind).toBe('appended');
    expect(high(cluster)).toBe(1);
  });

  it('waits for a caught-up replica that is about to join', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1, [1, 2]);
    cluster.alter = () => new Promise(() => {});
    await cluster.replicate(1);
    await append(cluster);
    await cluster.replicate(2, [2]);
    expect(high(cluster)).toBe(0);
    await cluster.replicate(2, [3]);
    expect(high(cluster)).toBe(1);
  });

  it('does not wait for one whose broker is gone', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1, [1, 2]);
    cluster.broker(1).sessionState = 'LOST';
    cluster.controller.registered.delete(brokerId(3));
    cluster.publish();
    await cluster.replicate(1);
    await append(cluster);
    await cluster.replicate(2, [2]);
    expect(high(cluster)).toBe(1);
  });

  it('stops waiting for one whose broker goes', async () => {
    const cluster = await ReplicaCluster.start({ brokers: 4 });
    await cluster.elect(1, [1, 2]);
    // As long as 3 is proposed, 4 cannot be.
    cluster.alter = () => new Promise(() => {});
    await cluster.replicate(2);
    await append(cluster);
    await cluster.replicate(2, [2, 3]);
    expect(high(cluster)).toBe(0);
    cluster.controller.registered.delete(brokerId(4));
    cluster.publish();
    expect(high(cluster)).toBe(1);
  });

  it('does not wait for one that the controller has refused and that fetches no more, as when it shuts down', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1, [1, 2]);
    cluster.alter = async ({ topics }) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      topics: topics.map(({ topicId = '', partitions }) => ({
        topicName: '',
        topicId,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: ERRORS.INELIGIBLE_REPLICA.code,
          leaderId: -1,
          leaderEpoch: -1,
          isr: [],
          leaderRecoveryState: 0,
          partitionEpoch: -1,
        })),
      })),
    });
    await cluster.replicate(2, [2, 3]);
    expect(cluster.broker(1).counts.failed).toBe(1);
    await cluster.scheduler.advanceBy(1000);
    await append(cluster);
    await cluster.replicate(2, [2]);
    expect(high(cluster)).toBe(1);
  });

  it('never goes back, whatever a follower fetches next', async () => {
    const cluster = await ReplicaCluster.start();
    await append(cluster, 2);
    await cluster.replicate(2);
    expect(high(cluster)).toBe(2);
    const [answer] = await cluster.broker(1).replicas.fetch({
      ...consumerFetch(0),
      replica: { id: brokerId(2), epoch: cluster.broker(2).epoch },
      partitions: consumerFetch(0).partitions.map((each) => ({
        ...each,
        currentLeaderEpoch: cluster.controller.stateOf(0).leaderEpoch,
      })),
    });
    expect(answer?.error).toBe(undefined);
    expect(high(cluster)).toBe(2);
  });

  it('lets consumers read what is committed, and no more', async () => {
    const cluster = await ReplicaCluster.start();
    await append(cluster, 2);
    expect(await cluster.consume(1)).toEqual([]);
    await cluster.replicate(2);
    await append(cluster, 1);
    expect(await cluster.consume(1)).toEqual(['v0', 'v1']);
  });
});

describe('the high watermark of a follower', () => {
  it("is the leader's, and no more than its own end", async () => {
    const cluster = await ReplicaCluster.start();
    await append(cluster, 2);
    await cluster.replicate(2);
    expect(high(cluster)).toBe(2);
    // Told with the answer before the last one.
    await cluster.replicate(1);
    expect(high(cluster, 2)).toBe(2);
    await append(cluster, 1);
    await cluster.replicate(1, [2]);
    expect([cluster.logOf(2).endOffset, high(cluster, 2)]).toEqual([3, 2]);
  });

  it('survives a restart by its checkpoint', async () => {
    const cluster = await ReplicaCluster.start();
    await append(cluster, 2);
    await cluster.replicate(3);
    await cluster.scheduler.advanceBy(5000);
    cluster.broker(1).stop('crash');
    await cluster.restart(1);
    expect(high(cluster)).toBe(2);
  });
});
