import { brokerId, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { DeletedRecords, RecordsToDelete } from '../../../src/replication/deletion/record-deletion.ts';
import { batchOf } from '../../support/batches.ts';
import { ReplicatingCluster } from '../../support/fetching/replicating-cluster.ts';
import { PARTITION, TOPIC_ID } from '../../support/replication/fake-controller.ts';
import { ReplicaCluster } from '../../support/replication/replica-cluster.ts';

const SIGNAL = new AbortController().signal;

/** Ten records on all three brokers, all committed. */
async function begin(): Promise<ReplicatingCluster> {
  const cluster = await ReplicatingCluster.start();
  for (let count = 0; count < 10; count++) await cluster.outcome(cluster.produce(1, `v${count}`));
  return cluster;
}

const startDeletion = async (
  cluster: ReplicatingCluster | ReplicaCluster,
  before: RecordsToDelete['before'],
  { timeoutMs = 5000, signal = SIGNAL, to = 1 } = {},
): Promise<DeletedRecords | undefined> => {
  const [deleted] = await cluster.broker(to).replicas.deleteRecords([{ ...PARTITION, before }], { timeoutMs, signal });
  return deleted;
};

describe('deleting records', () => {
  it('moves the beginning of all replicas, and is answered once all are there', async () => {
    const cluster = await begin();
    const deletion = startDeletion(cluster, offset(4));
    await cluster.pass(5);
    expect(cluster.logOf(1).startOffset).toBe(4);
    expect(await cluster.outcome(deletion)).toEqual({ kind: 'deleted', lowWatermark: 4 });
    expect([1, 2, 3].map((id) => cluster.logOf(id).startOffset)).toEqual([4, 4, 4]);
    expect((await cluster.contentOf(2))[0]).toBe('4@0 v4');
  });

  it('deletes up to the high watermark where that is asked for', async () => {
    const cluster = await begin();
    expect(await cluster.outcome(startDeletion(cluster, 'highWatermark'))).toEqual({
      kind: 'deleted',
      lowWatermark: 10,
    });
    expect(await cluster.outcome(startDeletion(cluster, offset(3)))).toEqual({ kind: 'deleted', lowWatermark: 10 });
    await cluster.outcome(cluster.produce(1, 'next'));
    expect(await cluster.contentOf(3)).toEqual(['10@0 next']);
  });

  it('waits for one that is out of sync, too, as long as its broker is alive', async () => {
    const cluster = await begin();
    cluster.broker(3).stop('kill');
    cluster.change(1, [1, 2]);
    await cluster.tell(1, 2);
    const deletion = startDeletion(cluster, offset(4), { timeoutMs: 60_000 });
    let isAnswered = false;
    void deletion.then(() => {
      isAnswered = true;
    });
    await cluster.pass(20_000);
    expect(isAnswered).toBe(false);
    cluster.controller.registered.delete(brokerId(3));
    await cluster.tell(1, 2);
    expect(await cluster.outcome(deletion)).toEqual({ kind: 'deleted', lowWatermark: 4 });
  });

  it('answers REQUEST_TIMED_OUT where that takes too long: it is done here, and will be there', async () => {
    const cluster = await begin();
    cluster.broker(3).stop('kill');
    const deletion = await cluster.outcome(startDeletion(cluster, offset(4), { timeoutMs: 2000 }));
    expect(deletion).toMatchObject({ kind: 'failed', error: 'REQUEST_TIMED_OUT', lowWatermark: 0 });
    expect(cluster.logOf(1).startOffset).toBe(4);
  });

  it('waits no longer where nobody does', async () => {
    const cluster = await begin();
    cluster.broker(3).stop('kill');
    const aborter = new AbortController();
    const deletion = startDeletion(cluster, offset(4), { timeoutMs: 1_000_000_000, signal: aborter.signal });
    await cluster.pass(1000);
    aborter.abort();
    expect(await deletion).toMatchObject({ error: 'REQUEST_TIMED_OUT' });
  });

  it('answers NOT_LEADER_OR_FOLLOWER where another broker leads, before or meanwhile', async () => {
    const cluster = await begin();
    expect(await startDeletion(cluster, offset(4), { to: 2 })).toMatchObject({ error: 'NOT_LEADER_OR_FOLLOWER' });
    expect(cluster.logOf(2).startOffset).toBe(0);
    cluster.broker(3).stop('kill');
    const deletion = startDeletion(cluster, offset(4), { timeoutMs: 60_000 });
    await cluster.pass(5);
    cluster.change(2, [1, 2]);
    await cluster.tell(1, 2);
    expect(await deletion).toEqual({
      kind: 'failed',
      error: 'NOT_LEADER_OR_FOLLOWER',
      message: expect.stringContaining('no longer'),
      lowWatermark: -1,
    });
  });

  it('deletes nothing that is not committed', async () => {
    const cluster = await begin();
    cluster.broker(2).stop('kill');
    cluster.broker(3).stop('kill');
    expect(await cluster.outcome(cluster.produce(1, 'alone', { acks: 1 }))).toMatchObject({ kind: 'appended' });
    expect(await startDeletion(cluster, offset(11))).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE', lowWatermark: -1 });
    expect(cluster.logOf(1).startOffset).toBe(0);
  });
});

describe('a log that begins within a batch', () => {
  /** Batches of three records, all committed, and all deleted below offset 4. */
  const beginWithin = async (): Promise<ReplicatingCluster> => {
    const cluster = await ReplicatingCluster.start();
    for (let count = 0; count < 3; count++) {
      const { replicas } = cluster.broker(1);
      const batch = { ...PARTITION, topicId: TOPIC_ID, bytes: batchOf(3) };
      await cluster.outcome(replicas.produce([batch], { acks: -1, timeoutMs: 2000, origin: 'client' }));
    }
    await cluster.outcome(startDeletion(cluster, offset(4)));
    return cluster;
  };

  it('is fetched by a replica that has nothing: it gets the whole batch, and begins where the leader begins', async () => {
    const cluster = await beginWithin();
    cluster.stop(3, 'kill');
    cluster.change(1, [1, 2]);
    await cluster.tell(1, 2);
    cluster.broker(3).wipe();
    await cluster.restart(3);
    await cluster.tell(1, 2, 3);
    await cluster.pass(3000);
    expect([cluster.logOf(3).startOffset, cluster.logOf(3).endOffset]).toEqual([4, 9]);
    expect(cluster.isrOf()).toEqual([1, 2, 3]);
    expect((await cluster.contentOf(3))[0]).toBe('3@0 v0');
    expect(cluster.broker(3).log.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('begins there also after a crash of all', async () => {
    const cluster = await beginWithin();
    for (const id of [1, 2, 3]) cluster.stop(id, 'crash');
    for (const id of [1, 2, 3]) await cluster.restart(id);
    cluster.change(2);
    await cluster.tell(1, 2, 3);
    await cluster.pass(1000);
    expect([1, 2, 3].map((id) => cluster.logOf(id).startOffset)).toEqual([4, 4, 4]);
  });
});

describe('deleting records of a partition', () => {
  it('is a POLICY_VIOLATION where its records are compacted alone', async () => {
    const cluster = await ReplicaCluster.start({ brokers: 1, config: { cleanupPolicy: ['compact'] } });
    await cluster.produce(1);
    expect(await startDeletion(cluster, offset(1))).toMatchObject({ error: 'POLICY_VIOLATION' });
    expect(cluster.logOf(1).startOffset).toBe(0);
  });

  it('is UNKNOWN_TOPIC_OR_PARTITION where there is none', async () => {
    const cluster = await ReplicaCluster.start({ brokers: 1 });
    const asked = { topic: 'nowhere', partition: 0, before: offset(1) };
    const [deleted] = await cluster.broker(1).replicas.deleteRecords([asked], { timeoutMs: 1, signal: SIGNAL });
    expect(deleted).toMatchObject({ error: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });

  it('is a KAFKA_STORAGE_ERROR where the disk fails, and outlives a crash where it does not', async () => {
    const cluster = await ReplicaCluster.start({ brokers: 1 });
    for (let count = 0; count < 4; count++) await cluster.produce(1);
    expect(await startDeletion(cluster, offset(3))).toEqual({ kind: 'deleted', lowWatermark: 3 });
    cluster.broker(1).stop('crash');
    await cluster.restart(1);
    await cluster.elect(1);
    expect(cluster.logOf(1).startOffset).toBe(3);
    cluster.broker(1).disk.faults.fail('write', /log-start-offset-checkpoint/);
    expect(await startDeletion(cluster, offset(4))).toMatchObject({ error: 'KAFKA_STORAGE_ERROR' });
  });
});
