import { type Offset, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { FollowedPartition } from '../../../src/replication/followed-partition.ts';
import { ReplicatingCluster } from '../../support/fetching/replicating-cluster.ts';

/** Produces these one after the other; all have to be acknowledged. */
const produceAll = async (cluster: ReplicatingCluster, to: number, ...values: readonly string[]): Promise<void> => {
  for (const value of values) expect((await cluster.outcome(cluster.produce(to, value))).kind).toBe('appended');
};

describe('three brokers', () => {
  it('have what was acknowledged, each, and the same', async () => {
    const cluster = await ReplicatingCluster.start();
    await produceAll(cluster, 1, 'a', 'b', 'c');
    expect(await cluster.contentOf(1)).toEqual(['0@0 a', '1@0 b', '2@0 c']);
    expect(await cluster.contentOf(2)).toEqual(await cluster.contentOf(1));
    expect(await cluster.contentOf(3)).toEqual(await cluster.contentOf(1));
  });

  it('acknowledge within a few round trips, and the followers hear the high watermark within a fetch’s wait', async () => {
    const cluster = await ReplicatingCluster.start();
    await cluster.pass(300);
    const startMs = cluster.clock.steadyMs();
    await produceAll(cluster, 1, 'a');
    expect(cluster.clock.steadyMs() - startMs).toBeLessThanOrEqual(5);
    await cluster.pass(510);
    expect([1, 2, 3].map((id) => cluster.logOf(id).highWatermark)).toEqual([1, 1, 1]);
  });

  it('keep what was acknowledged when leaders change fast, and cut the rest (traps 1 and 2)', async () => {
    const cluster = await ReplicatingCluster.start();
    await produceAll(cluster, 1, 'a', 'b');
    const lost: Promise<unknown>[] = [];
    for (const [round, leader] of [2, 3, 1, 3, 2].entries()) {
      cluster.change(leader);
      await cluster.tell(leader);
      lost.push(cluster.produce(leader, `of one alone ${round}`));
      await cluster.pass(1);
    }
    cluster.change(1);
    await cluster.tell(1, 2, 3);
    await produceAll(cluster, 1, 'c');
    const content = await cluster.contentOf(1);
    expect(content.filter((line) => / [abc]$/.test(line))).toHaveLength(3);
    expect(await cluster.contentOf(2)).toEqual(content);
    expect(await cluster.contentOf(3)).toEqual(content);
    await cluster.pass(3000);
    await Promise.all(lost);
  });

  it('a zombie that still takes itself for the leader acknowledges nothing, and gives it up (trap 3)', async () => {
    const cluster = await ReplicatingCluster.start();
    await produceAll(cluster, 1, 'a');
    cluster.change(2, [2, 3]);
    await cluster.tell(2, 3);
    const zombie = cluster.produce(1, 'nobody has this');
    await produceAll(cluster, 2, 'b');
    const refused = await cluster.outcome(zombie);
    expect(refused).toMatchObject({ kind: 'failed', appended: true });
    expect(cluster.logOf(1).highWatermark).toBe(1);
    await cluster.tell(1);
    await produceAll(cluster, 2, 'c');
    await cluster.pass(100);
    expect(await cluster.contentOf(1)).toEqual(['0@0 a', '1@1 b', '2@1 c']);
  });

  it('a follower that was wiped comes back and joins the ISR when it has all', async () => {
    const cluster = await ReplicatingCluster.start();
    await produceAll(cluster, 1, 'a', 'b');
    cluster.stop(3, 'kill');
    cluster.change(1, [1, 2]);
    await cluster.tell(1, 2);
    await produceAll(cluster, 1, 'c');
    cluster.broker(3).wipe();
    await cluster.restart(3);
    await cluster.tell(3);
    await cluster.pass(200);
    expect(await cluster.contentOf(3)).toEqual(await cluster.contentOf(1));
    expect(cluster.isrOf()).toEqual([1, 2, 3]);
  });

  it('lose nothing that was acknowledged when the power fails everywhere (rule 5)', async () => {
    const cluster = await ReplicatingCluster.start();
    await produceAll(cluster, 1, 'a', 'b', 'c');
    for (const id of [1, 2, 3]) cluster.stop(id, 'crash');
    for (const id of [1, 2, 3]) await cluster.restart(id);
    cluster.change(3);
    await cluster.tell(1, 2, 3);
    await produceAll(cluster, 3, 'd');
    expect((await cluster.contentOf(3)).map((line) => line.split(' ')[1])).toEqual(['a', 'b', 'c', 'd']);
    expect(await cluster.contentOf(1)).toEqual(await cluster.contentOf(3));
  });

  it('fail over with a hundred partitions in a few round trips', async () => {
    const cluster = await ReplicatingCluster.start({ partitions: 100 });
    await cluster.pass(1000);
    cluster.stop(1, 'kill');
    await cluster.pass(300);
    cluster.change(2, [2, 3]);
    const startMs = cluster.clock.steadyMs();
    await cluster.tell(3, 2);
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, partition) => cluster.outcome(cluster.produce(2, 'a', { partition }))),
    );
    expect(results.filter(({ kind }) => kind !== 'appended')).toEqual([]);
    expect(cluster.clock.steadyMs() - startMs).toBeLessThanOrEqual(60);
  });
});

describe('with a rule broken', () => {
  it('acknowledging what is not flushed loses it with the power (rule 5)', async () => {
    const acknowledgesEarly = changed((partition) => ({
      fetchOffset: () => partition.logEndOffset,
      append: async (epoch, fetched) => {
        partition.append(epoch, fetched).catch(() => {});
      },
    }));
    expect(await lostAfterPowerCut(await ReplicatingCluster.start({ seenAs: acknowledgesEarly }))).toBe(true);
    expect(await lostAfterPowerCut(await ReplicatingCluster.start())).toBe(false);
  });

  it('saying nothing of the last epoch leaves logs that differ (rule 4)', async () => {
    const saysNothing = changed(() => ({ latestEpoch: () => undefined }));
    expect(await differAfterElections(await ReplicatingCluster.start({ seenAs: saysNothing }))).toBe(true);
    expect(await differAfterElections(await ReplicatingCluster.start())).toBe(false);
  });

  it('cutting nothing where the logs part does so, too (rule 4)', async () => {
    const cutsNothing = changed(() => ({ truncateToDiverging: async () => {} }));
    expect(await differAfterElections(await ReplicatingCluster.start({ seenAs: cutsNothing }))).toBe(true);
  });

  it('cutting to the own high watermark loses what was acknowledged (rule 4, trap 1)', async () => {
    const cutsToWatermark: FollowedPartition[] = [];
    const seenAs = (partition: FollowedPartition): FollowedPartition => {
      cutsToWatermark.push(partition);
      return partition;
    };
    expect(await lostAfterTwoElections(await ReplicatingCluster.start({ seenAs }), cutsToWatermark)).toBe(true);
    expect(await lostAfterTwoElections(await ReplicatingCluster.start(), [])).toBe(false);
  });
});

type Changes = Partial<Pick<FollowedPartition, 'append' | 'truncateToDiverging'>> & {
  readonly fetchOffset?: () => Offset;
  readonly latestEpoch?: () => undefined;
};

/** The same partition, with something else in the place of what it does. */
const changed =
  (changesOf: (partition: FollowedPartition) => Changes) =>
  (partition: FollowedPartition): FollowedPartition => {
    const { fetchOffset, latestEpoch, ...methods } = changesOf(partition);
    return {
      topicPartition: partition.topicPartition,
      get topicId() {
        return partition.topicId;
      },
      get logStartOffset() {
        return partition.logStartOffset;
      },
      get logEndOffset() {
        return partition.logEndOffset;
      },
      get fetchOffset() {
        return fetchOffset?.() ?? partition.fetchOffset;
      },
      get latestEpoch() {
        return latestEpoch === undefined ? partition.latestEpoch : latestEpoch();
      },
      append: (...args) => partition.append(...args),
      truncateToDiverging: (...args) => partition.truncateToDiverging(...args),
      truncateTo: (...args) => partition.truncateTo(...args),
      truncateFullyAndStartAt: (...args) => partition.truncateFullyAndStartAt(...args),
      ...methods,
    };
  };

/** Whether the logs differ after two leaders in a row have each written something that the other has not. */
const differAfterElections = async (cluster: ReplicatingCluster): Promise<boolean> => {
  await produceAll(cluster, 1, 'a');
  cluster.change(2);
  await cluster.tell(2);
  const alone = cluster.produce(2, 'of 2 alone');
  await cluster.pass(5);
  cluster.change(3);
  await cluster.tell(3);
  const other = cluster.produce(3, 'of 3 alone');
  await cluster.pass(5);
  cluster.change(3);
  await cluster.tell(1, 2, 3);
  await cluster.pass(3000);
  await Promise.all([alone, other]);
  const contents = await Promise.all([1, 2, 3].map((id) => cluster.contentOf(id)));
  return new Set(contents.map((content) => content.join())).size > 1;
};

/** A follower that has what was acknowledged, but not heard so, follows for a moment and is elected then. */
const lostAfterTwoElections = async (
  cluster: ReplicatingCluster,
  cutToWatermark: readonly FollowedPartition[],
): Promise<boolean> => {
  await cluster.pass(600);
  await produceAll(cluster, 1, 'a');
  expect(cluster.logOf(2).highWatermark).toBe(0);
  cluster.stop(1, 'kill');
  cluster.change(3, [2, 3]);
  await cluster.tell(2);
  const partition = cutToWatermark.findLast((each) => each.logEndOffset > 0 && each.topicPartition.partition === 0);
  if (partition !== undefined) await partition.truncateTo(cluster.controller.stateOf(0).leaderEpoch, offset(0));
  cluster.stop(3, 'kill');
  cluster.change(2, [2]);
  await cluster.tell(2);
  return (await cluster.contentOf(2)).length === 0;
};

/** Whether an acknowledged record is gone after a power cut of all, during which the followers could not flush. */
const lostAfterPowerCut = async (cluster: ReplicatingCluster): Promise<boolean> => {
  await cluster.pass(600);
  const release = [2, 3].map((id) => cluster.broker(id).disk.faults.stall('sync', /\.log$/));
  const result = await cluster.outcome(cluster.produce(1, 'acknowledged'));
  for (const id of [1, 2, 3]) cluster.stop(id, 'crash');
  for (const lift of release) lift();
  for (const id of [2, 3]) await cluster.restart(id);
  cluster.change(2, [2, 3]);
  await cluster.tell(2, 3);
  await cluster.pass(100);
  return result.kind === 'appended' && (await cluster.contentOf(2)).length === 0;
};
