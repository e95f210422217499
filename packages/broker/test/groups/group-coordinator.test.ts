import { ERRORS, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { GroupCluster } from '../support/groups/group-cluster.ts';
import { commitRequest, fetchRequest, heartbeatRequest, joinRequest } from '../support/groups/group-requests.ts';
import { consumerFetch } from '../support/replication/replica-cluster.ts';

const codeOf = (answer: { readonly errorCode?: number }) => answer.errorCode;
type CommitAnswer = { readonly topics: readonly { readonly partitions: readonly { readonly errorCode: number }[] }[] };
const commitCode = ({ topics }: CommitAnswer) => topics[0]?.partitions[0]?.errorCode;

/** A commit that is not waited for, and what was answered. */
function commit(cluster: GroupCluster, id: number, offsets: Readonly<Record<string, number>>) {
  const state: { code: number | undefined } = { code: undefined };
  void cluster.ask(id, commitRequest('g', offsets)).then((answer) => {
    state.code = commitCode(answer);
  });
  return state;
}

async function fetched(cluster: GroupCluster, id: number): Promise<Record<string, number> | number> {
  const { topics = [], errorCode = 0 } = await cluster.ask(id, fetchRequest('g'));
  if (errorCode !== 0) return errorCode;
  return Object.fromEntries(topics.map(({ name, partitions }) => [name, Number(partitions[0]?.committedOffset)]));
}

const NOT_COORDINATOR = ERRORS.NOT_COORDINATOR.code;
const LOADING = ERRORS.COORDINATOR_LOAD_IN_PROGRESS.code;

/** Rule 1 and 8, trap 20. */
describe('the coordinator', () => {
  it('is the leader of the partition, and nobody else', async () => {
    const cluster = await GroupCluster.start();
    expect(await fetched(cluster, 1)).toEqual({});
    expect(await fetched(cluster, 2)).toBe(NOT_COORDINATOR);
    expect(codeOf(await cluster.ask(2, heartbeatRequest('g')))).toBe(NOT_COORDINATOR);
    expect(codeOf(await cluster.ask(1, joinRequest('')))).toBe(ERRORS.INVALID_GROUP_ID.code);
  });

  it('answers a commit only once all in-sync replicas have it', async () => {
    const cluster = await GroupCluster.start();
    const answer = commit(cluster, 1, { t: 5 });
    await cluster.advanceBy(0);
    await cluster.replicas.replicate(1, [2]);
    await cluster.advanceBy(1000);
    expect(answer.code).toBeUndefined();
    expect(await fetched(cluster, 1)).toEqual({});
    await cluster.replicate();
    expect(answer.code).toBe(0);
    expect(await fetched(cluster, 1)).toEqual({ t: 5 });
  });

  it('that comes next knows what was committed', async () => {
    const cluster = await GroupCluster.start();
    const answer = commit(cluster, 1, { t: 5, u: 6 });
    await cluster.replicate();
    await cluster.elect(2);
    await cluster.replicate();
    expect(answer.code).toBe(0);
    expect(await fetched(cluster, 1)).toBe(NOT_COORDINATOR);
    expect(await fetched(cluster, 2)).toEqual({ t: 5, u: 6 });
    expect(cluster.told(1).at(-1)).toBe('resign');
  });

  it('that comes next says nothing of what may not be committed yet', async () => {
    const cluster = await GroupCluster.start();
    void commit(cluster, 1, { t: 5 });
    await cluster.advanceBy(0);
    await cluster.replicas.replicate(1, [2]);
    cluster.replicas.cut.add('3>2');
    await cluster.elect(2);
    await cluster.advanceBy(2000);
    expect(await fetched(cluster, 2)).toBe(LOADING);
    expect(codeOf(await cluster.ask(2, heartbeatRequest('g')))).toBe(0);
    expect(cluster.coordinator(2).list()).toEqual({ isLoading: true, groups: [] });
    // Before it is on broker 3, one that lacks it could come to lead.
    cluster.replicas.cut.clear();
    await cluster.replicate();
    expect(await fetched(cluster, 2)).toEqual({ t: 5 });
  });

  it('that lost the partition during a commit says so at once, and what is in the log is for the next one to say', async () => {
    const cluster = await GroupCluster.start();
    const reached = commit(cluster, 1, { t: 5 });
    await cluster.advanceBy(0);
    await cluster.replicas.replicate(1, [2]);
    const alone = commit(cluster, 1, { u: 6 });
    await cluster.elect(2);
    expect([reached.code, alone.code]).toEqual([NOT_COORDINATOR, NOT_COORDINATOR]);
    await cluster.replicate();
    expect(await fetched(cluster, 2)).toEqual({ t: 5 });
    const again = commit(cluster, 2, { u: 6 });
    await cluster.replicate();
    expect(again.code).toBe(0);
    expect(await fetched(cluster, 2)).toEqual({ t: 5, u: 6 });
  });

  it('that has not heard of the next one acknowledges nothing, and forgets what it took', async () => {
    const cluster = await GroupCluster.start();
    const { replicas } = cluster;
    replicas.controller.change(0, { leader: replicas.broker(2).id });
    await replicas.tell([2, 3]);
    const zombie = commit(cluster, 1, { t: 1, z: 1 });
    await cluster.replicate();
    const next = commit(cluster, 2, { t: 9 });
    await cluster.replicate();
    // Broker 1 is in sync until the leader has it taken out.
    expect(next.code).toBeUndefined();
    await cluster.advanceBy(5000);
    expect(zombie.code).toBe(ERRORS.REQUEST_TIMED_OUT.code);
    expect(await fetched(cluster, 1)).toEqual({});
    await replicas.tell([1]);
    await cluster.replicate();
    expect(await fetched(cluster, 1)).toBe(NOT_COORDINATOR);
    await cluster.elect(1);
    await cluster.replicate();
    expect(await fetched(cluster, 1)).toEqual({ t: 9 });
  });

  it('that is elected again loads anew, and does not take an answer of before for one of now', async () => {
    const cluster = await GroupCluster.start();
    const first = cluster.shards.get(1)?.at(-1);
    const answer = commit(cluster, 1, { t: 5 });
    await cluster.advanceBy(0);
    await cluster.elect(1);
    // What the groups of the epoch before still want is theirs no longer.
    expect(first?.told.at(-1)).toBe('resign');
    expect(answer.code).toBe(NOT_COORDINATOR);
    await cluster.replicate();
    expect(cluster.told(1)).toEqual(['replay g t-0=5', 'loaded']);
    expect(await fetched(cluster, 1)).toEqual({ t: 5 });
    expect(first?.told.at(-1)).toBe('resign');
  });

  it('stops once its replica is stopped, or its log directory has failed', async () => {
    for (const end of ['stop', 'fail'] as const) {
      const cluster = await GroupCluster.start();
      const { replicas, disk } = cluster.replicas.broker(1);
      const answer = commit(cluster, 1, { t: 5 });
      if (end === 'stop') await replicas.close();
      else disk.faults.fail('write', /log/);
      if (end === 'fail') void commit(cluster, 1, { t: 6 });
      await cluster.advanceBy(100);
      expect(answer.code).toBe(NOT_COORDINATOR);
      expect(await fetched(cluster, 1)).toBe(NOT_COORDINATOR);
    }
  });

  it('is told of topics that are deleted, also where another has their name by then', async () => {
    const cluster = await GroupCluster.start();
    const topics = (ids: Readonly<Record<string, string>>) =>
      cluster.topics.set({
        ...EMPTY_CLUSTER,
        topics: new Map(
          Object.entries(ids).map(([name, topicId]) => [name, { name, topicId, partitions: new Map() }] as const),
        ),
      });
    topics({ kept: 'k', gone: 'g', other: 'before' });
    void commit(cluster, 1, { kept: 1, gone: 2, other: 3 });
    await cluster.replicate();
    topics({ kept: 'k', other: 'after', fresh: 'f' });
    await cluster.replicate();
    expect(cluster.told(1).filter((line) => line.startsWith('deleted'))).toEqual(['deleted gone', 'deleted other']);
    await cluster.elect(2);
    await cluster.replicate();
    expect(await fetched(cluster, 2)).toEqual({ kept: 1 });
  });

  it('keeps the bytes of Kafka, which a restart does not change', async () => {
    const cluster = await GroupCluster.start();
    void commit(cluster, 1, { t: 5 });
    await cluster.replicate();
    void commit(cluster, 1, { t: 6, u: 7 });
    await cluster.replicate();
    const before = await logOf(cluster);
    await cluster.replicas.broker(1).close();
    await cluster.replicas.restart(1);
    cluster.host(1);
    await cluster.elect(1);
    await cluster.replicate();
    expect(await fetched(cluster, 1)).toEqual({ t: 6, u: 7 });
    expect(await logOf(cluster)).toEqual(before);
  });

  it('tells of its groups, in the order of their partitions', async () => {
    const cluster = await GroupCluster.start();
    void commit(cluster, 1, { t: 5 });
    await cluster.replicate();
    expect(cluster.coordinator(1).list()).toEqual({
      isLoading: false,
      groups: [{ groupId: 'g', protocolType: '', state: 'Empty' }],
    });
    expect(cluster.coordinator(2).list()).toEqual({ isLoading: false, groups: [] });
  });

  it('loads groups anew that have failed, from what is in the log', async () => {
    const cluster = await GroupCluster.start();
    void commit(cluster, 1, { t: 5 });
    await cluster.replicate();
    const [shard] = cluster.shards.get(1) ?? [];
    if (shard === undefined) throw new Error('there is no shard');
    shard.committed = () => {
      throw new Error('nobody foresaw it');
    };
    const failed = commit(cluster, 1, { t: 6 });
    await cluster.replicate();
    expect(failed.code).toBe(NOT_COORDINATOR);
    expect(await fetched(cluster, 1)).toBe(NOT_COORDINATOR);
    await cluster.advanceBy(1000);
    await cluster.replicate();
    expect(await fetched(cluster, 1)).toEqual({ t: 6 });
  });

  it('sends everybody away once it is closed', async () => {
    const cluster = await GroupCluster.start();
    const answer = commit(cluster, 1, { t: 5 });
    cluster.coordinator(1).close();
    await cluster.advanceBy(0);
    expect(answer.code).toBe(NOT_COORDINATOR);
    expect(await fetched(cluster, 1)).toBe(ERRORS.COORDINATOR_NOT_AVAILABLE.code);
    expect(cluster.coordinator(1).list()).toBeUndefined();
    await cluster.elect(2);
    await cluster.elect(1);
    expect(await fetched(cluster, 1)).toBe(ERRORS.COORDINATOR_NOT_AVAILABLE.code);
  });
});

async function logOf(cluster: GroupCluster): Promise<string> {
  const [found] = await cluster.replicas.broker(1).replicas.fetch({
    ...consumerFetch(0),
    partitions: consumerFetch(0).partitions.map((each) => ({ ...each, fetchOffset: offset(0) })),
  });
  return Buffer.concat(found?.records ?? []).toString('hex');
}
