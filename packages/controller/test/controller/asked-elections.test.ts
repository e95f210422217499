import { ERRORS, type ErrorName } from '@barnabas/model';
import { encodePreferredReplicaElection } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { ControlledCluster } from '../support/controlled-cluster.ts';

const PREFERRED = 0;
const UNCLEAN = 1;

/** Partition 0 of `t` is led by 1, though 2 should: it is back in sync. Partition 1 by 1, though 3 should: it is not in sync. */
async function begin(config: { autoLeaderRebalanceEnable?: boolean } = {}): Promise<ControlledCluster> {
  const cluster = await ControlledCluster.of([1, 2, 3], config);
  await cluster.createTopic('t', { 0: [2, 1], 1: [3, 1] });
  await cluster.kill(2);
  await cluster.kill(3);
  await cluster.start(2);
  await cluster.start(3);
  await cluster.pass(300);
  const { leaderEpoch, version } = cluster.state('t', 0);
  await cluster.alterIsr(1, 't', { leaderEpoch, partitionEpoch: version, isr: [1, 2] });
  return cluster;
}

async function elect(cluster: ControlledCluster, electionType: number, partitions: readonly number[] | null) {
  const topicPartitions = partitions === null ? null : [{ topic: 't', partitions }];
  const request = { electionType, topicPartitions, timeoutMs: 1000 };
  const { answer } = await cluster.run(cluster.member(1).controller.electLeaders(request, 2));
  return answer.replicaElectionResults.flatMap(({ partitionResult }) =>
    partitionResult.map(({ partitionId, errorCode }) => [partitionId, nameOf(errorCode)]),
  );
}

const nameOf = (code: number) =>
  Object.values(ERRORS).find((row) => row.code === code)?.name satisfies ErrorName | undefined;

describe('ElectLeaders', () => {
  it('gives partitions back to their preferred leaders, where these are in sync', async () => {
    const cluster = await begin();
    expect(await elect(cluster, PREFERRED, [0, 1, 9])).toEqual([
      [0, 'NONE'],
      [1, 'PREFERRED_LEADER_NOT_AVAILABLE'],
      [9, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ]);
    expect([cluster.short('t', 0), cluster.short('t', 1)]).toEqual(['2/1,2', '1/1']);
    expect(await elect(cluster, PREFERRED, [0])).toEqual([[0, 'ELECTION_NOT_NEEDED']]);
  });

  it('does so for all partitions, and names those alone of which there is something to say', async () => {
    const cluster = await begin();
    await cluster.createTopic('u', { 0: [1] });
    expect(await elect(cluster, PREFERRED, null)).toEqual([
      [0, 'NONE'],
      [1, 'PREFERRED_LEADER_NOT_AVAILABLE'],
    ]);
  });

  it('elects uncleanly where that is asked for and nobody leads', async () => {
    const cluster = await begin();
    await cluster.createTopic('x', { 0: [2, 1] });
    expect(await elect(cluster, UNCLEAN, [0])).toEqual([[0, 'ELECTION_NOT_NEEDED']]);
    await cluster.createTopic('w', { 0: [3] });
    await cluster.kill(3);
    const asked = { electionType: UNCLEAN, topicPartitions: [{ topic: 'w', partitions: [0] }], timeoutMs: 1 };
    const { answer, begun } = await cluster.run(cluster.member(1).controller.electLeaders(asked, 2));
    expect(answer).toMatchObject({
      replicaElectionResults: [{ partitionResult: [{ errorCode: ERRORS.ELIGIBLE_LEADERS_NOT_AVAILABLE.code }] }],
    });
    expect(begun).toEqual([]);
  });

  it('says in which epochs the new leaders lead', async () => {
    const cluster = await begin();
    const topicPartitions = [{ topic: 't', partitions: [0, 1] }];
    const asked = { electionType: PREFERRED, topicPartitions, timeoutMs: 1 };
    const { begun } = await cluster.run(cluster.member(1).controller.electLeaders(asked, 2));
    expect(begun).toEqual([{ topic: 't', partition: 0, leaderEpoch: cluster.state('t', 0).leaderEpoch }]);
  });

  it('is refused where this broker is not the controller, in version 0 for each partition alone', async () => {
    const cluster = await begin();
    const asked = { electionType: PREFERRED, topicPartitions: [{ topic: 't', partitions: [0] }], timeoutMs: 1 };
    const [old, current] = await Promise.all(
      [0, 2].map((version) => cluster.member(2).controller.electLeaders(asked, version)),
    );
    const { code } = ERRORS.NOT_CONTROLLER;
    expect([old?.answer.errorCode, current?.answer.errorCode]).toEqual([0, code]);
    expect(old?.answer.replicaElectionResults[0]?.partitionResult[0]?.errorCode).toBe(code);
  });
});

describe('/admin/preferred_replica_election', () => {
  const PATH = '/admin/preferred_replica_election';
  const ask = (partitions: readonly number[]) =>
    encodePreferredReplicaElection(partitions.map((partition) => ({ topic: 't', partition })));

  it('is heeded, and deleted when it is done, again and again', async () => {
    const cluster = await begin();
    const operator = await cluster.operator();
    await cluster.run(operator.create(PATH, ask([0, 1, 9])));
    await cluster.until(() => cluster.node(PATH) === undefined);
    expect([cluster.short('t', 0), cluster.short('t', 1)]).toEqual(['2/1,2', '1/1']);
    const { leaderEpoch, version } = cluster.state('t', 1);
    await cluster.alterIsr(1, 't', { partition: 1, leaderEpoch, partitionEpoch: version, isr: [1, 3] });
    await cluster.run(operator.create(PATH, ask([1])));
    await cluster.until(() => cluster.node(PATH) === undefined);
    expect(cluster.short('t', 1)).toBe('3/1,3');
  });

  it('is heeded by the next controller, too', async () => {
    const cluster = await begin();
    const operator = await cluster.operator();
    cluster.member(1).host.hold();
    await cluster.run(operator.create(PATH, ask([0])));
    cluster.zookeeper.expire(cluster.member(1).session.sessionId);
    await cluster.until(() => cluster.node(PATH) === undefined);
    expect(cluster.short('t', 0)).toBe('2/2');
  });

  it('is deleted where it cannot be read, and nothing else happens', async () => {
    const cluster = await begin();
    const operator = await cluster.operator();
    await cluster.run(operator.create(PATH, Buffer.from('{"partitions":7')));
    await cluster.until(() => cluster.node(PATH) === undefined);
    expect(cluster.short('t', 0)).toBe('1/1,2');
    expect(cluster.controllerId).toBe(1);
  });
});

describe('the rebalancing of leaders', () => {
  it('gives leadership back 5 s after the term began, where more than 10 % are astray', async () => {
    const cluster = await begin({ autoLeaderRebalanceEnable: true });
    await cluster.pass(1);
    expect(cluster.short('t', 0)).toBe('1/1,2');
    await cluster.pass(5000);
    expect(cluster.short('t', 0)).toBe('2/1,2');
  });

  it('does so again after every interval, and does not where it is off', async () => {
    const cluster = await begin({ autoLeaderRebalanceEnable: true });
    await cluster.pass(5000);
    const { leaderEpoch, version } = cluster.state('t', 1);
    await cluster.alterIsr(1, 't', { partition: 1, leaderEpoch, partitionEpoch: version, isr: [1, 3] });
    await cluster.pass(100_000);
    expect(cluster.short('t', 1)).toBe('1/1,3');
    await cluster.pass(210_000);
    expect(cluster.short('t', 1)).toBe('3/1,3');
    const off = await begin();
    await off.pass(310_000);
    expect(off.short('t', 0)).toBe('1/1,2');
  });
});
