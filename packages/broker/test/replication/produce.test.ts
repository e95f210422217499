import { brokerId, leaderEpoch, offset, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { Acks } from '../../src/replication/replicas.ts';
import { batchOf } from '../support/batches.ts';
import { ReplicaCluster } from '../support/replication/replica-cluster.ts';

const sequenced = (baseSequence: number): Buffer =>
  batchOf(1, { producerId: producerId(7), producerEpoch: 0, baseSequence });

describe('acks=all', () => {
  it('is answered once all in-sync replicas have it', async () => {
    const cluster = await ReplicaCluster.start();
    let answered = false;
    const produced = cluster.produce(1, { count: 2 }).finally(() => {
      answered = true;
    });
    await cluster.settled();
    await cluster.replicate(2, [2]);
    expect(answered).toBe(false);
    await cluster.replicate(2, [3]);
    expect(await produced).toEqual({
      kind: 'appended',
      baseOffset: 0,
      logAppendTimeMs: undefined,
      logStartOffset: 0,
    });
  });

  it('NOT_ENOUGH_REPLICAS, with nothing appended, where too few are in sync before', async () => {
    const cluster = await ReplicaCluster.start({ config: { minInsyncReplicas: 2 } });
    await cluster.elect(1, [1]);
    expect(await cluster.produce(1)).toMatchObject({ kind: 'failed', error: 'NOT_ENOUGH_REPLICAS', appended: false });
    expect(cluster.logOf(1).endOffset).toBe(0);
    expect((await cluster.produce(1, { acks: 1 })).kind).toBe('appended');
  });

  it('NOT_ENOUGH_REPLICAS_AFTER_APPEND where too few are left in sync while it waits', async () => {
    const cluster = await ReplicaCluster.start({ config: { minInsyncReplicas: 2 }, lagMaxMs: 400 });
    await cluster.replicate(2);
    const produced = cluster.produce(1);
    await cluster.scheduler.advanceBy(600);
    expect(await produced).toMatchObject({ error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', appended: true });
    expect(cluster.logOf(1).endOffset).toBe(1);
    expect(cluster.logOf(1).highWatermark).toBe(0);
  });

  it('REQUEST_TIMED_OUT where the in-sync replicas do not come in time; it may still be committed', async () => {
    const cluster = await ReplicaCluster.start();
    const produced = cluster.produce(1, { timeoutMs: 200 });
    await cluster.scheduler.advanceBy(220);
    expect(await produced).toMatchObject({ error: 'REQUEST_TIMED_OUT', appended: true });
    await cluster.replicate(2);
    expect(cluster.logOf(1).highWatermark).toBe(1);
  });

  it('NOT_LEADER_OR_FOLLOWER says that it is in the log, where the leadership goes while it waits', async () => {
    const cluster = await ReplicaCluster.start();
    const produced = cluster.produce(1);
    await cluster.settled();
    await cluster.elect(2);
    expect(await produced).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', appended: true });
  });

  it('goes on waiting where the same broker leads in the next epoch', async () => {
    const cluster = await ReplicaCluster.start();
    const produced = cluster.produce(1);
    await cluster.settled();
    await cluster.elect(1);
    await cluster.replicate(2);
    expect((await produced).kind).toBe('appended');
  });

  it('answers a batch that was sent twice when the first one is committed, and with its offset', async () => {
    const cluster = await ReplicaCluster.start();
    const first = cluster.produce(1, { batch: sequenced(0) });
    const second = cluster.produce(1, { batch: sequenced(1) });
    let answered = false;
    const again = cluster.produce(1, { batch: sequenced(0) }).finally(() => {
      answered = true;
    });
    await cluster.settled();
    expect(answered).toBe(false);
    expect(cluster.logOf(1).endOffset).toBe(2);
    await cluster.replicate(2);
    // With its time, as Kafka tells it.
    expect(await again).toEqual({ ...(await first), logAppendTimeMs: expect.any(Number) });
    expect(await second).toMatchObject({ baseOffset: 1 });
    expect(await cluster.produce(1, { batch: sequenced(0) })).toMatchObject({ kind: 'appended', baseOffset: 0 });
  });

  it('answers each batch of a request for itself', async () => {
    const cluster = await ReplicaCluster.start();
    const results = cluster.broker(1).replicas.produce(
      [
        { topic: 't', partition: 0, bytes: batchOf(1) },
        { topic: 't', partition: 9, bytes: batchOf(1) },
        { topic: 't', partition: 0, bytes: Buffer.alloc(80) },
        { topic: 't', partition: 0, topicId: 'AAAAAAAAAAAAAAAAAAAABA', bytes: batchOf(1) },
      ],
      { acks: -1, timeoutMs: 1000, origin: 'client' },
    );
    await cluster.settled();
    await cluster.replicate(2);
    expect(await results).toMatchObject([
      { kind: 'appended', baseOffset: 0 },
      { error: 'UNKNOWN_TOPIC_OR_PARTITION', appended: false },
      { kind: 'failed', appended: false },
      { error: 'INCONSISTENT_TOPIC_ID', appended: false },
    ]);
  });
});

describe('an expected offset', () => {
  const produceAt = (cluster: ReplicaCluster, expectedOffset: number, bytes = batchOf(2)) =>
    cluster.broker(1).replicas.produce([{ topic: 't', partition: 0, bytes, expectedOffset: offset(expectedOffset) }], {
      acks: 1,
      timeoutMs: 1000,
      origin: 'client',
    });

  it('is where one of two writers appends, and the other one nothing', async () => {
    const cluster = await ReplicaCluster.start();
    const [[one], [other]] = await Promise.all([produceAt(cluster, 0), produceAt(cluster, 0)]);
    expect(one).toMatchObject({ kind: 'appended', baseOffset: 0 });
    expect(other).toMatchObject({ kind: 'failed', error: 'OFFSET_OUT_OF_RANGE', appended: false });
    expect(cluster.logOf(1).endOffset).toBe(2);
  });

  it('keeps nobody from being told that a batch was there before', async () => {
    const cluster = await ReplicaCluster.start();
    await produceAt(cluster, 0, sequenced(0));
    await produceAt(cluster, 1);
    expect(await produceAt(cluster, 0, sequenced(0))).toMatchObject([{ kind: 'appended', baseOffset: 0 }]);
    expect(cluster.logOf(1).endOffset).toBe(3);
  });
});

describe('acks=1', () => {
  it('is answered when the leader has flushed it, without its followers', async () => {
    const cluster = await ReplicaCluster.start();
    const release = cluster.broker(1).disk.faults.stall('sync', /\.log$/);
    let answered = false;
    const produced = cluster.produce(1, { acks: 1 }).finally(() => {
      answered = true;
    });
    await cluster.settled();
    expect(answered).toBe(false);
    release();
    expect((await produced).kind).toBe('appended');
  });

  it('is answered when it is written, with log.flush=os', async () => {
    const cluster = await ReplicaCluster.start({ flushMode: 'os' });
    cluster.broker(1).disk.faults.stall('sync', /\.log$/);
    expect((await cluster.produce(1, { acks: 1 })).kind).toBe('appended');
  });

  it('does not wait longer than its time for a disk that hangs', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.broker(1).disk.faults.stall('sync', /\.log$/);
    const produced = cluster.produce(1, { acks: 1, timeoutMs: 100 });
    await cluster.scheduler.advanceBy(120);
    expect(await produced).toMatchObject({ error: 'REQUEST_TIMED_OUT', appended: true });
  });
});

describe('acks=0', () => {
  it('waits for no flush and no follower', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.broker(1).disk.faults.stall('sync', /\.log$/);
    expect((await cluster.produce(1, { acks: 0 })).kind).toBe('appended');
  });

  it('is held back while nothing can be written: what waits for the disk lies in memory', async () => {
    const cluster = await ReplicaCluster.start();
    const release = cluster.broker(1).disk.faults.stall('write', /\.log$/);
    let isAnswered = false;
    const produced = cluster.produce(1, { acks: 0 }).finally(() => {
      isAnswered = true;
    });
    await cluster.settled();
    expect(isAnswered).toBe(false);
    release();
    expect((await produced).kind).toBe('appended');
  });
});

describe('what is refused, with nothing appended', () => {
  it('INVALID_REQUIRED_ACKS for others than -1, 0 and 1', async () => {
    const cluster = await ReplicaCluster.start();
    const result = await cluster.produce(1, { acks: 2 as Acks });
    expect(result).toMatchObject({ error: 'INVALID_REQUIRED_ACKS', appended: false });
    expect(cluster.logOf(1).endOffset).toBe(0);
  });

  it('NOT_LEADER_OR_FOLLOWER at a follower', async () => {
    const cluster = await ReplicaCluster.start();
    expect(await cluster.produce(2)).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', appended: false });
    expect(cluster.logOf(2).endOffset).toBe(0);
  });

  it('NOT_LEADER_OR_FOLLOWER for a partition that others have', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.create(5, [brokerId(2)]);
    cluster.publish();
    const [result] = await cluster
      .broker(1)
      .replicas.produce([{ topic: 't', partition: 5, bytes: batchOf(1) }], { acks: 1, timeoutMs: 1, origin: 'client' });
    expect(result).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', appended: false });
  });

  it('an append for another epoch than the one it leads in', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1);
    const at = (epoch: number) => cluster.produce(1, { acks: 1, currentLeaderEpoch: leaderEpoch(epoch) });
    expect(await at(0)).toMatchObject({ error: 'FENCED_LEADER_EPOCH', appended: false });
    expect(await at(2)).toMatchObject({ error: 'UNKNOWN_LEADER_EPOCH', appended: false });
    expect((await at(1)).kind).toBe('appended');
  });

  it('all that comes after the log directory has failed', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.broker(1).disk.faults.fail('sync', /\.log$/);
    const waiting = cluster.produce(1);
    expect(await waiting).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', appended: true });
    expect(await cluster.produce(1)).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', appended: false });
  });
});

describe('close', () => {
  it('answers what waits, and refuses what comes', async () => {
    const cluster = await ReplicaCluster.start();
    const produced = cluster.produce(1, { timeoutMs: 1_000_000 });
    await cluster.settled();
    await cluster.broker(1).replicas.close();
    expect(await produced).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', appended: true });
    expect(await cluster.produce(1)).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER', appended: false });
    expect(cluster.scheduler.pendingTimers).toBeGreaterThan(0);
    for (const id of [1, 2, 3]) await cluster.broker(id).close();
    expect(cluster.scheduler.pendingTimers).toBe(0);
  });
});
