import { brokerEpoch, brokerId, leaderEpoch, type TopicPartition } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { FetchedPartition, FetchPartition, FetchSpec, ReplicaNews } from '../../src/replication/replicas.ts';
import { batchOf } from '../support/batches.ts';
import { consumerFetch, ReplicaCluster } from '../support/replication/replica-cluster.ts';

type Changes = Partial<FetchSpec> & { readonly partition?: Partial<FetchPartition> };

const spec = (at: number, { partition, ...changes }: Changes = {}): FetchSpec => {
  const { partitions, ...rest } = consumerFetch(at, changes);
  return { ...rest, partitions: partitions.map((each) => ({ ...each, ...partition })) };
};

const follower = (id: number, at: number, changes: Changes = {}): FetchSpec =>
  spec(at, {
    replica: { id: brokerId(id), epoch: brokerEpoch(id * 100) },
    ...changes,
    partition: { currentLeaderEpoch: leaderEpoch(0), ...changes.partition },
  });

const fetchOne = async (cluster: ReplicaCluster, asked: FetchSpec, from = 1): Promise<FetchedPartition> => {
  const [answer] = await cluster.broker(from).replicas.fetch(asked);
  if (answer === undefined) throw new Error('no answer');
  return answer;
};

/** A fetch that is parked, and whether it has been answered. */
const park = (cluster: ReplicaCluster, asked: FetchSpec) => {
  const state: { answer?: readonly FetchedPartition[] } = {};
  const done = cluster
    .broker(1)
    .replicas.fetch(asked)
    .then((answer) => {
      state.answer = answer;
    });
  return { state, done };
};

const sizeOf = (answer: FetchedPartition | undefined): number =>
  (answer?.records ?? []).reduce((sum, { byteLength }) => sum + byteLength, 0);

describe('a fetch that waits', () => {
  it('of a follower is answered as soon as there is something written, flushed or not', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.broker(1).disk.faults.stall('sync', /\.log$/);
    const { state } = park(cluster, follower(2, 0, { maxWaitMs: 500 }));
    await cluster.settled();
    expect(state.answer).toBe(undefined);
    void cluster.produce(1);
    await cluster.settled();
    expect(sizeOf(state.answer?.[0])).toBeGreaterThan(0);
  });

  it('of a consumer is answered when the records are committed', async () => {
    const cluster = await ReplicaCluster.start();
    const { state } = park(cluster, spec(0, { maxWaitMs: 500 }));
    void cluster.produce(1);
    await cluster.settled();
    await cluster.replicate(2, [2]);
    expect(state.answer).toBe(undefined);
    await cluster.replicate(2, [3]);
    expect(sizeOf(state.answer?.[0])).toBeGreaterThan(0);
    expect(state.answer?.[0]?.highWatermark).toBe(1);
  });

  it('is answered without anything when its time is over', async () => {
    const cluster = await ReplicaCluster.start();
    const { state } = park(cluster, spec(0, { maxWaitMs: 500 }));
    await cluster.scheduler.advanceBy(490);
    expect(state.answer).toBe(undefined);
    await cluster.scheduler.advanceBy(20);
    expect(state.answer?.[0]).toMatchObject({ error: undefined, records: [], highWatermark: 0 });
  });

  it('waits for minBytes, whatever comes before', async () => {
    const cluster = await ReplicaCluster.start();
    const sizeBytes = batchOf(1).length;
    const { state } = park(cluster, follower(2, 0, { maxWaitMs: 500, minBytes: sizeBytes * 3 }));
    for (let count = 1; count <= 3; count++) {
      expect(state.answer).toBe(undefined);
      void cluster.produce(1, { acks: 1 });
      await cluster.settled();
    }
    expect(sizeOf(state.answer?.[0])).toBe(sizeBytes * 3);
  });

  it('answers what there is when its time is over before minBytes have come', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { acks: 1 });
    const { state } = park(cluster, follower(2, 0, { maxWaitMs: 100, minBytes: 10_000 }));
    await cluster.settled();
    expect(state.answer).toBe(undefined);
    await cluster.scheduler.advanceBy(120);
    expect(sizeOf(state.answer?.[0])).toBe(batchOf(1).length);
  });

  it('is answered where the log goes on in another segment: more will never come there', async () => {
    const sizeBytes = batchOf(1).length;
    const cluster = await ReplicaCluster.start({ config: { segmentBytes: sizeBytes * 2 } });
    const { state } = park(cluster, follower(2, 0, { maxWaitMs: 500, minBytes: 10_000 }));
    for (let count = 0; count < 2; count++) await cluster.produce(1, { acks: 1 });
    await cluster.settled();
    expect(state.answer).toBe(undefined);
    await cluster.produce(1, { acks: 1 });
    await cluster.settled();
    expect(sizeOf(state.answer?.[0])).toBe(sizeBytes * 2);
  });

  it('is told at once when the leadership goes', async () => {
    const cluster = await ReplicaCluster.start();
    const { state } = park(cluster, spec(0, { maxWaitMs: 500 }));
    const parked = park(cluster, follower(2, 0, { maxWaitMs: 500 }));
    await cluster.settled();
    await cluster.elect(3);
    await cluster.settled();
    expect(state.answer?.[0]?.error).toBe('NOT_LEADER_OR_FOLLOWER');
    expect(parked.state.answer?.[0]?.error).toBe('FENCED_LEADER_EPOCH');
  });

  it('ends when nobody waits any longer', async () => {
    const cluster = await ReplicaCluster.start();
    const abort = new AbortController();
    const { state, done } = park(cluster, spec(0, { maxWaitMs: 500, signal: abort.signal }));
    await cluster.settled();
    abort.abort();
    await done;
    expect(state.answer).toMatchObject([{ records: [] }]);
    const late = park(cluster, spec(0, { maxWaitMs: 500, signal: abort.signal }));
    await late.done;
    expect(late.state.answer).toMatchObject([{ records: [] }]);
  });

  it('is answered with an error of one partition, whatever the others have', async () => {
    const cluster = await ReplicaCluster.start();
    const known = spec(0).partitions;
    const asked = {
      ...spec(0, { maxWaitMs: 500 }),
      partitions: [...known, ...known.map((each) => ({ ...each, partition: 7 }))],
    };
    const answers = await cluster.broker(1).replicas.fetch(asked);
    expect(answers.map(({ error }) => error)).toEqual([undefined, 'UNKNOWN_TOPIC_OR_PARTITION']);
  });

  it('leaves nothing behind', async () => {
    const cluster = await ReplicaCluster.start();
    const before = cluster.scheduler.pendingTimers;
    const { done } = park(cluster, follower(2, 0, { maxWaitMs: 500 }));
    void cluster.produce(1, { acks: 1 });
    await done;
    await cluster.scheduler.advanceBy(600);
    expect(cluster.scheduler.pendingTimers).toBe(before);
  });
});

describe('what a fetch is refused with', () => {
  it('FENCED_LEADER_EPOCH and UNKNOWN_LEADER_EPOCH, before anything else is looked at', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1);
    const at = (epoch: number, from = 1) =>
      fetchOne(cluster, spec(0, { partition: { currentLeaderEpoch: leaderEpoch(epoch) } }), from);
    expect((await at(0)).error).toBe('FENCED_LEADER_EPOCH');
    expect((await at(2)).error).toBe('UNKNOWN_LEADER_EPOCH');
    expect((await at(0, 2)).error).toBe('FENCED_LEADER_EPOCH');
    expect((await at(1, 2)).error).toBe('NOT_LEADER_OR_FOLLOWER');
  });

  it('OFFSET_OUT_OF_RANGE beyond the log end, with what is known of the log', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { acks: 1 });
    expect(await fetchOne(cluster, spec(2))).toMatchObject({
      error: 'OFFSET_OUT_OF_RANGE',
      highWatermark: 0,
      logStartOffset: 0,
    });
  });

  it('UNKNOWN_LEADER_EPOCH for who has no replica of it, and for a follower that names no epoch', async () => {
    const cluster = await ReplicaCluster.start();
    expect((await fetchOne(cluster, follower(9, 0))).error).toBe('UNKNOWN_LEADER_EPOCH');
    const unfenced = follower(2, 0, { partition: { currentLeaderEpoch: undefined } });
    expect((await fetchOne(cluster, unfenced)).error).toBe('UNKNOWN_LEADER_EPOCH');
  });

  it('INCONSISTENT_TOPIC_ID for a topic of the same name that was deleted', async () => {
    const cluster = await ReplicaCluster.start();
    const asked = spec(0, { partition: { topicId: 'AAAAAAAAAAAAAAAAAAAABA' } });
    expect((await fetchOne(cluster, asked)).error).toBe('INCONSISTENT_TOPIC_ID');
  });
});

describe('where the logs part', () => {
  it('answers the epoch and its end, counts nothing of the follower, and answers no records', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { count: 2, acks: 1 });
    await cluster.elect(1);
    await cluster.elect(1);
    await cluster.produce(1, { count: 3, acks: 1 });
    const asked = follower(2, 5, {
      maxWaitMs: 500,
      partition: { currentLeaderEpoch: leaderEpoch(2), lastFetchedEpoch: leaderEpoch(1) },
    });
    const answer = await fetchOne(cluster, asked);
    // Nothing was written in epoch 1: the next one began at the same offset.
    expect(answer).toMatchObject({ error: undefined, divergingEpoch: { epoch: 0, endOffset: 2 }, records: [] });
    const earlier = { currentLeaderEpoch: leaderEpoch(2), lastFetchedEpoch: leaderEpoch(0) };
    expect(await fetchOne(cluster, follower(2, 3, { partition: earlier }))).toMatchObject({
      divergingEpoch: { epoch: 0, endOffset: 2 },
    });
    await cluster.replicate(3, [3]);
    expect(cluster.logOf(1).highWatermark).toBe(0);
  });

  it('OFFSET_OUT_OF_RANGE for an epoch that the leader has not come to', async () => {
    const cluster = await ReplicaCluster.start();
    const asked = follower(2, 0, { partition: { lastFetchedEpoch: leaderEpoch(5) } });
    expect((await fetchOne(cluster, asked)).error).toBe('OFFSET_OUT_OF_RANGE');
  });
});

describe('limits', () => {
  const withPartitions = async (count: number): Promise<ReplicaCluster> => {
    const cluster = await ReplicaCluster.start({ brokers: 1 });
    for (let partition = 1; partition < count; partition++) cluster.controller.create(partition, [brokerId(1)]);
    await cluster.tell([1]);
    for (let partition = 0; partition < count; partition++) {
      await cluster.broker(1).replicas.produce(
        [0, 1].map(() => ({ topic: 't', partition, bytes: batchOf(1) })),
        { acks: -1, timeoutMs: 1000, origin: 'client' },
      );
    }
    return cluster;
  };

  const from = (partitions: readonly number[], maxBytes: number, partitionMaxBytes: number): FetchSpec => {
    const [one] = spec(0).partitions;
    if (one === undefined) throw new Error('no partition');
    return {
      ...spec(0, { maxBytes }),
      partitions: partitions.map((partition) => ({ ...one, partition, maxBytes: partitionMaxBytes })),
    };
  };

  it('answers one whole batch at least, from the first partition that has something', async () => {
    const cluster = await withPartitions(2);
    const answers = await cluster.broker(1).replicas.fetch(from([0, 1], 1, 1));
    expect(answers.map(sizeOf)).toEqual([batchOf(1).length, 0]);
  });

  it('answers whole batches only, and no more of a partition than was asked for', async () => {
    const cluster = await withPartitions(1);
    const sizeBytes = batchOf(1).length;
    const answers = await cluster.broker(1).replicas.fetch(from([0], 1_000_000, sizeBytes * 2 - 1));
    expect(answers.map(sizeOf)).toEqual([sizeBytes]);
  });

  it('shares out what a whole answer may have, in the order asked', async () => {
    const cluster = await withPartitions(4);
    const sizeBytes = batchOf(1).length;
    const answers = await cluster.broker(1).replicas.fetch(from([3, 0, 1, 2], sizeBytes * 5, sizeBytes * 2));
    expect(answers.map(({ partition }) => partition)).toEqual([3, 0, 1, 2]);
    expect(answers.map(sizeOf)).toEqual([2, 2, 1, 0].map((count) => count * sizeBytes));
  });

  it('uses what the first partitions leave over', async () => {
    const cluster = await withPartitions(3);
    const sizeBytes = batchOf(1).length;
    const answers = await cluster.broker(1).replicas.fetch(from([0, 1, 2], sizeBytes * 6, sizeBytes * 5));
    expect(answers.map(sizeOf)).toEqual([2, 2, 2].map((count) => count * sizeBytes));
  });
});

describe('onNews', () => {
  it('tells of records, watermarks and roles, until it is called off', async () => {
    const cluster = await ReplicaCluster.start();
    const news: [TopicPartition, ReplicaNews][] = [];
    const stop = cluster.broker(1).replicas.onNews((partition, each) => news.push([partition, each]));
    void cluster.produce(1);
    await cluster.settled();
    expect(news.map(([, each]) => each)).toEqual(['records']);
    await cluster.replicate(2);
    expect(news.map(([, each]) => each)).toEqual(['records', 'watermarks']);
    await cluster.elect(2);
    expect(news.at(-1)).toEqual([{ topic: 't', partition: 0 }, 'role']);
    stop();
    await cluster.elect(1);
    expect(news.length).toBe(3);
  });

  it('comes when a fetch would answer with it', async () => {
    const cluster = await ReplicaCluster.start();
    const found: number[] = [];
    cluster.broker(1).replicas.onNews((_, news) => {
      if (news === 'watermarks') found.push(Number(cluster.logOf(1).highWatermark));
      if (news === 'records') found.push(-Number(cluster.logOf(1).writtenEndOffset));
    });
    void cluster.produce(1);
    await cluster.settled();
    await cluster.replicate(2);
    expect(found).toEqual([-1, 1]);
  });
});
