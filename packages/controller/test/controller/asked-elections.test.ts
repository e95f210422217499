import { ERRORS, type ErrorName } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ControlledCluster, contextOf } from '../support/controlled-cluster.ts';

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
  const { ElectLeaders } = cluster.member(1).controller.handlers;
  const request = { electionType, topicPartitions, timeoutMs: 1000 };
  const { replicaElectionResults } = await cluster.run(Promise.resolve(ElectLeaders(request, contextOf(2))));
  return replicaElectionResults.flatMap(({ partitionResult }) =>
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
    const { ElectLeaders } = cluster.member(1).controller.handlers;
    const asked = { electionType: UNCLEAN, topicPartitions: [{ topic: 'w', partitions: [0] }], timeoutMs: 1 };
    expect(await cluster.run(Promise.resolve(ElectLeaders(asked, contextOf(2))))).toMatchObject({
      replicaElectionResults: [{ partitionResult: [{ errorCode: ERRORS.ELIGIBLE_LEADERS_NOT_AVAILABLE.code }] }],
    });
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
