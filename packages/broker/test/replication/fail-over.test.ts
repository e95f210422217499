import { leaderEpoch, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { FollowingEndedError } from '../../src/replication/followed-partition.ts';
import { batchOf } from '../support/batches.ts';
import { ReplicaCluster } from '../support/replication/replica-cluster.ts';

const named = (value: string): Buffer =>
  batchOf(1, { records: [{ timestamp: 1, key: null, value: Buffer.from(value), headers: [] }] });

const send = (cluster: ReplicaCluster, to: number, value: string) =>
  cluster.produce(to, { batch: named(value), acks: 1 });

const ends = (cluster: ReplicaCluster): number[] => cluster.running.map((id) => cluster.logOf(id).endOffset);

/** The values of all that a broker has when it leads alone. */
const contents = async (cluster: ReplicaCluster, id: number): Promise<string[]> => {
  await cluster.elect(id, [id]);
  await cluster.settled();
  return cluster.consume(id);
};

const followed = (cluster: ReplicaCluster, id: number) => {
  const found = cluster.broker(id).fetchers.following.get('t-0');
  if (found === undefined) throw new Error(`broker ${id} follows nothing`);
  return found.partition;
};

describe('a new leader', () => {
  it('keeps what was acknowledged, though no follower had heard yet that it was committed', async () => {
    const cluster = await ReplicaCluster.start({ brokers: 2 });
    await cluster.replicate(1);
    await send(cluster, 1, 'a');
    await cluster.replicate(1);
    // 2 has it, and is asking for what comes next; that its high watermark is behind must not matter (trap 1).
    const answered = cluster.broker(2).fetchers.pump();
    await answered;
    cluster.broker(2).stop('kill');
    await cluster.restart(2);
    cluster.broker(1).stop('crash');
    await cluster.elect(2, [2]);
    await cluster.settled();
    expect(await cluster.consume(2)).toEqual(['a']);
    await cluster.restart(1);
    await cluster.tell([1]);
    await cluster.replicate(3);
    expect(ends(cluster)).toEqual([1, 1]);
  });

  it('has its followers cut what it does not have, and nothing more', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await cluster.replicate(3);
    await send(cluster, 1, 'lost');
    await cluster.replicate(1, [3]);
    expect(ends(cluster)).toEqual([2, 1, 2]);
    await cluster.elect(2);
    await send(cluster, 2, 'b');
    await cluster.replicate(5);
    expect(ends(cluster)).toEqual([2, 2, 2]);
    for (const id of [1, 2, 3]) expect(await contents(cluster, id)).toEqual(['a', 'b']);
  });

  it('is agreed with over several elections in which little or nothing was written', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await cluster.replicate(3);
    await send(cluster, 1, 'x1');
    await cluster.elect(2);
    await send(cluster, 2, 'y1');
    await send(cluster, 2, 'y2');
    await cluster.elect(1);
    await send(cluster, 1, 'x2');
    await cluster.elect(3);
    await cluster.elect(1);
    await cluster.replicate(8);
    expect(ends(cluster)).toEqual([3, 3, 3]);
    for (const id of [1, 2, 3]) expect(await contents(cluster, id)).toEqual(['a', 'x1', 'x2']);
  });

  it('claims no epoch any more, as a follower, in which it had written nothing', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await cluster.replicate(3);
    await cluster.elect(2);
    expect(cluster.logOf(2).latestEpoch).toBe(1);
    cluster.cut.add('1>2').add('3>2');
    await cluster.elect(3);
    await cluster.replicate(3);
    expect(cluster.logOf(2).latestEpoch).toBe(0);
    await send(cluster, 3, 'b');
    await cluster.replicate(3);
    expect(ends(cluster)).toEqual([2, 2, 2]);
  });

  it('does not serve what is uncommitted, and says so to who asks for the latest offset', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await cluster.replicate(3);
    await send(cluster, 1, 'b');
    await cluster.replicate(1, [2]);
    await cluster.elect(2);
    expect(await cluster.consume(2)).toEqual(['a']);
    const query = {
      topic: 't',
      partition: 0,
      timestamp: -1,
      currentLeaderEpoch: undefined,
      isolation: 'read_uncommitted',
    } as const;
    const ask = (asker: 'consumer' | 'follower') => cluster.broker(2).replicas.offsetFor({ ...query, asker });
    expect(await ask('consumer')).toMatchObject({ error: 'OFFSET_NOT_AVAILABLE' });
    expect(await ask('follower')).toMatchObject({ offset: 2, leaderEpoch: 1 });
    await cluster.replicate(3);
    expect(await ask('consumer')).toMatchObject({ offset: 2, leaderEpoch: 1 });
    expect(await cluster.consume(2)).toEqual(['a', 'b']);
  });

  it('that has been replaced commits nothing more: the followers are in another epoch', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.replicate(2);
    // 1 hears nothing of the election.
    cluster.controller.change(0, { leader: cluster.broker(2).id });
    await cluster.tell([2, 3]);
    const zombie = cluster.produce(1);
    await cluster.settled();
    await cluster.replicate(3, [2, 3]);
    await cluster.scheduler.advanceBy(1100);
    expect(await zombie).toMatchObject({ error: 'REQUEST_TIMED_OUT', appended: true });
    expect(cluster.logOf(1).highWatermark).toBe(0);
    // Nor can it get rid of those it waits for; it is they who get rid of it.
    await cluster.scheduler.advanceBy(60_000);
    expect(cluster.logOf(1).highWatermark).toBe(0);
    expect(cluster.controller.stateOf(0).isr).toEqual([2, 3]);
  });

  it('does not count a follower that follows another one', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await cluster.replicate(3);
    // 3 has not heard that 1 leads in another epoch.
    cluster.controller.change(0, {});
    await cluster.tell([1, 2]);
    await send(cluster, 1, 'b');
    await cluster.replicate(3);
    expect(cluster.broker(3).fetchers.errors.every((error) => error === 'FENCED_LEADER_EPOCH')).toBe(true);
    expect(cluster.logOf(1).highWatermark).toBe(1);
  });
});

describe('a power cut of all', () => {
  it.each([
    [1, 2, 3],
    [1, 3, 2],
    [2, 1, 3],
    [2, 3, 1],
    [3, 1, 2],
    [3, 2, 1],
  ])('loses nothing that was acknowledged to acks=all, whichever leads then (%i, %i, %i)', async (...order) => {
    const cluster = await ReplicaCluster.start({ config: { minInsyncReplicas: 2 } });
    await cluster.replicate(1);
    const acknowledged: string[] = [];
    for (let at = 0; at < 6; at++) {
      const value = `r${at}`;
      void cluster
        .produce(1, { batch: named(value) })
        .then(({ kind }) => kind === 'appended' && acknowledged.push(value));
      await cluster.settled();
      if (at < 5) await cluster.replicate(2);
      else await cluster.replicate(1, [2]);
    }
    for (const id of [1, 2, 3]) cluster.broker(id).stop('crash');
    for (const id of order) await cluster.restart(id);
    const [first = 1] = order;
    await cluster.elect(first);
    await cluster.replicate(5);
    expect(acknowledged.length).toBe(5);
    const found = await cluster.consume(first);
    expect(found.slice(0, 5)).toEqual(acknowledged);
    for (const id of order.slice(1)) expect(await contents(cluster, id)).toEqual(found);
  });
});

describe('a followed partition', () => {
  it('takes nothing for an epoch that is over', async () => {
    const cluster = await ReplicaCluster.start();
    const partition = followed(cluster, 2);
    await cluster.elect(1);
    const fetched = { records: named('late'), highWatermark: offset(0), logStartOffset: offset(0) };
    await expect(partition.append(leaderEpoch(0), fetched)).rejects.toThrow(FollowingEndedError);
    await expect(partition.truncateTo(leaderEpoch(0), offset(0))).rejects.toThrow(FollowingEndedError);
    expect(cluster.logOf(2).endOffset).toBe(0);
  });

  it('says that following has ended where it did so while the records were flushed', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    const release = cluster.broker(2).disk.faults.stall('sync', /\.log$/);
    const pumping = cluster.broker(2).fetchers.pump();
    await cluster.settled();
    await cluster.elect(2);
    release();
    await pumping;
    expect(cluster.broker(2).fetchers.errors).toEqual(['following ended']);
    expect(cluster.logOf(2).endOffset).toBe(1);
  });

  it('asks for what comes after its flushed end, and so acknowledges no more', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    const release = cluster.broker(2).disk.faults.stall('sync', /\.log$/);
    const pumping = cluster.broker(2).fetchers.pump();
    await cluster.settled();
    const partition = followed(cluster, 2);
    expect([partition.fetchOffset, partition.logEndOffset]).toEqual([0, 1]);
    release();
    await pumping;
    expect(partition.fetchOffset).toBe(1);
  });

  it('is not appended to while it is cut', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await send(cluster, 1, 'b');
    await cluster.replicate(1, [2]);
    const partition = followed(cluster, 2);
    const truncated = partition.truncateTo(leaderEpoch(0), offset(1));
    const record = batchOf(1, { baseOffset: offset(1), leaderEpoch: leaderEpoch(0) });
    await partition.append(leaderEpoch(0), { records: record, highWatermark: offset(0), logStartOffset: offset(0) });
    await truncated;
    expect(cluster.logOf(2).endOffset).toBe(2);
  });

  it('leads only once it has been cut', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await send(cluster, 1, 'b');
    await cluster.replicate(1, [2]);
    const truncated = followed(cluster, 2).truncateTo(leaderEpoch(0), offset(1));
    await cluster.elect(2);
    expect(cluster.logOf(2).endOffsetForEpoch(leaderEpoch(0))).toEqual({ epoch: 0, endOffset: 1 });
    await expect(truncated).resolves.toBe(undefined);
  });

  it('never has its high watermark beyond its end', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await send(cluster, 1, 'b');
    await cluster.replicate(4);
    expect(cluster.logOf(2).highWatermark).toBe(2);
    await followed(cluster, 2).truncateTo(leaderEpoch(0), offset(1));
    expect(cluster.logOf(2).highWatermark).toBe(1);
    await followed(cluster, 2).truncateFullyAndStartAt(leaderEpoch(0), offset(7));
    expect([cluster.logOf(2).highWatermark, cluster.logOf(2).startOffset]).toEqual([7, 7]);
  });

  it('never takes its high watermark back for a leader that does not know yet how far it is committed', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await cluster.replicate(2);
    await cluster.replicate(1, [3]);
    expect([cluster.logOf(2).highWatermark, cluster.logOf(3).highWatermark]).toEqual([0, 1]);
    await cluster.elect(2);
    await cluster.replicate(1, [3]);
    expect([cluster.logOf(2).highWatermark, cluster.logOf(3).highWatermark]).toEqual([0, 1]);
  });

  it("moves its log start up to the leader's, no further than what is committed", async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await send(cluster, 1, 'b');
    await cluster.replicate(1, [2]);
    const append = (highWatermark: number, logStartOffset: number) =>
      followed(cluster, 2).append(leaderEpoch(0), {
        records: Buffer.alloc(0),
        highWatermark: offset(highWatermark),
        logStartOffset: offset(logStartOffset),
      });
    await append(1, 2);
    expect(cluster.logOf(2).startOffset).toBe(1);
    await append(2, 2);
    expect(cluster.logOf(2).startOffset).toBe(2);
  });
});

describe('endOffsetForEpoch', () => {
  it('answers where an epoch ended, to who goes by the epoch in force', async () => {
    const cluster = await ReplicaCluster.start();
    await send(cluster, 1, 'a');
    await cluster.elect(1);
    const ask = (epoch: number, current: number | undefined, from = 1) =>
      cluster.broker(from).replicas.endOffsetForEpoch({
        topic: 't',
        partition: 0,
        leaderEpoch: leaderEpoch(epoch),
        currentLeaderEpoch: current === undefined ? undefined : leaderEpoch(current),
      });
    expect(ask(0, 1)).toEqual({ kind: 'found', leaderEpoch: 0, endOffset: 1 });
    expect(ask(1, undefined)).toEqual({ kind: 'found', leaderEpoch: 1, endOffset: 1 });
    expect(ask(7, 1)).toEqual({ kind: 'undefined' });
    expect(ask(0, 0)).toEqual({ kind: 'failed', error: 'FENCED_LEADER_EPOCH' });
    expect(ask(0, 2)).toEqual({ kind: 'failed', error: 'UNKNOWN_LEADER_EPOCH' });
    expect(ask(0, 1, 2)).toEqual({ kind: 'failed', error: 'NOT_LEADER_OR_FOLLOWER' });
  });
});
