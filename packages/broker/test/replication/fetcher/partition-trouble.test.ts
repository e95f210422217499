import { brokerId, type ErrorName, KafkaError, leaderEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { FollowingEndedError } from '../../../src/replication/followed-partition.ts';
import { FetchingCluster, followed } from '../../support/fetching/fetching-cluster.ts';

const LEADER = brokerId(1);

/** One partition in trouble beside one that is well. */
const twoPartitions = (cluster = new FetchingCluster()) => {
  const replicas = cluster.addLeader(LEADER);
  const [ledBad, ledGood] = [replicas.lead('bad'), replicas.lead('good')];
  const [bad, good] = [followed('bad'), followed('good')];
  return { cluster, ledBad, ledGood, bad, good };
};

describe('errors of one partition', () => {
  it.each([
    'NOT_LEADER_OR_FOLLOWER',
    'UNKNOWN_LEADER_EPOCH',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'KAFKA_STORAGE_ERROR',
    'INCONSISTENT_TOPIC_ID',
  ] satisfies ErrorName[])('%s: it is asked for again after a while, longer each time; the other goes on', async (error) => {
    const { cluster, ledBad, ledGood, bad, good } = twoPartitions();
    ledBad.fail(error);
    cluster.follow(LEADER, 0, bad, good);
    for (let round = 0; round < 40; round++) {
      ledGood.append();
      await cluster.pass(100);
    }
    expect(good.log.endOffset).toBe(40);
    const asked = cluster.peers
      .requests('Fetch')
      .filter(({ topics }) => topics.some(({ topicId }) => topicId === bad.topicId));
    // 31, 63, 125, 250, 500 ms, then every second.
    expect(asked.length).toBeGreaterThanOrEqual(8);
    expect(asked.length).toBeLessThanOrEqual(10);
    expect(cluster.log.lines).toEqual(['warn: cannot follow at the moment']);
    ledBad.fail(undefined);
    ledBad.append();
    await cluster.pass(1100);
    expect(bad.log.endOffset).toBe(1);
  });

  it('OFFSET_OUT_OF_RANGE again and again, though it is brought back each time: as any other error', async () => {
    const { cluster, bad } = twoPartitions();
    // Longer than the leader's, and of an epoch that the leader does not know; and no cut changes that.
    bad.log.append(leaderEpoch(5));
    bad.fetchOffset = bad.log.endOffset;
    bad.truncateTo = async () => {};
    cluster.follow(LEADER, 0, bad);
    await cluster.pass(4000);
    const asked = cluster.peers
      .requests('Fetch')
      .filter(({ topics }) => topics.some(({ topicId }) => topicId === bad.topicId));
    expect(asked.length).toBeLessThanOrEqual(11);
    expect(cluster.log.lines).toEqual(['warn: cannot follow at the moment']);
  });

  it('a new leader that has not heard of its office yet is asked again soon', async () => {
    const { cluster, ledBad, bad } = twoPartitions();
    cluster.follow(LEADER, 1, bad);
    await cluster.pass(20);
    ledBad.lead(leaderEpoch(1));
    ledBad.append();
    await cluster.pass(50);
    expect(bad.log.endOffset).toBe(1);
    // That is how it is with every election, and nothing to be spoken of.
    expect(cluster.log.lines).toEqual([]);
  });

  it('all that failed together are asked for together', async () => {
    const cluster = new FetchingCluster();
    const replicas = cluster.addLeader(LEADER);
    const partitions = Array.from({ length: 300 }, (_, index) => followed('a', index));
    for (const index of partitions.keys()) replicas.lead('a', index);
    cluster.follow(LEADER, 1, ...partitions);
    await cluster.pass(20);
    for (const led of replicas.partitions.values()) led.lead(leaderEpoch(1));
    cluster.peers.sent.length = 0;
    await cluster.pass(60);
    expect(cluster.peers.requests('Fetch').filter(({ topics }) => topics.length > 0)).toHaveLength(1);
    expect([...replicas.partitions.values()].filter(({ followers }) => followers.size === 0)).toEqual([]);
  });

  it('FENCED_LEADER_EPOCH: it waits to be followed anew (trap 3)', async () => {
    const { cluster, ledBad, ledGood, bad, good } = twoPartitions();
    ledBad.lead(leaderEpoch(1));
    ledBad.append();
    cluster.follow(LEADER, 0, bad, good);
    await cluster.pass(3000);
    ledGood.append();
    await cluster.pass(5);
    expect([bad.log.endOffset, good.log.endOffset]).toEqual([0, 1]);
    const asked = cluster.peers
      .requests('Fetch')
      .filter(({ topics }) => topics.some(({ topicId }) => topicId === bad.topicId));
    expect(asked).toHaveLength(1);
    cluster.follow(LEADER, 1, bad);
    await cluster.pass(5);
    expect(bad.log.endOffset).toBe(1);
  });

  it('a bad batch: nothing of it is appended, and it is fetched again after a while', async () => {
    const { cluster, ledBad, ledGood, bad, good } = twoPartitions();
    bad.nextError = new KafkaError('CORRUPT_MESSAGE', 'bad checksum');
    ledBad.append();
    cluster.follow(LEADER, 0, bad, good);
    ledGood.append();
    await cluster.pass(15);
    expect([bad.log.endOffset, good.log.endOffset]).toEqual([0, 1]);
    await cluster.pass(50);
    expect(bad.log.content).toEqual(['0@0+1']);
  });

  it('a disk that fails: it stays away until it is followed anew, and the log says so', async () => {
    const { cluster, ledBad, ledGood, bad, good } = twoPartitions();
    bad.nextError = new KafkaError('KAFKA_STORAGE_ERROR', 'EIO');
    ledBad.append();
    cluster.follow(LEADER, 0, bad, good);
    await cluster.pass(5000);
    ledGood.append();
    await cluster.pass(5);
    expect([bad.log.endOffset, good.log.endOffset]).toEqual([0, 1]);
    expect(cluster.log.lines).toEqual(['error: cannot follow any longer, until the controller says so again']);
    cluster.follow(LEADER, 0, bad);
    await cluster.pass(5);
    expect(bad.log.endOffset).toBe(1);
  });

  it('what nobody foresaw ends that partition alone', async () => {
    const { cluster, ledBad, ledGood, bad, good } = twoPartitions();
    bad.nextError = new TypeError('undefined is not a function');
    ledBad.append();
    cluster.follow(LEADER, 0, bad, good);
    await cluster.pass(2000);
    ledGood.append();
    await cluster.pass(5);
    expect([bad.log.endOffset, good.log.endOffset]).toEqual([0, 1]);
  });

  it('a replica that leads by now is left alone', async () => {
    const { cluster, ledBad, bad } = twoPartitions();
    bad.nextError = new FollowingEndedError('bad-0', leaderEpoch(0));
    ledBad.append();
    cluster.follow(LEADER, 0, bad);
    await cluster.pass(2000);
    expect(bad.log.endOffset).toBe(0);
    expect(cluster.log.lines).toEqual(['info: following has ended']);
  });

  it('does not fetch what its log has not flushed, nor acknowledge it', async () => {
    const { cluster, ledBad, bad } = twoPartitions();
    ledBad.append();
    ledBad.append();
    bad.log.append(leaderEpoch(0));
    cluster.follow(LEADER, 0, bad);
    await cluster.pass(200);
    expect(cluster.peers.sent).toEqual([]);
    bad.fetchOffset = bad.log.endOffset;
    await cluster.pass(50);
    expect(bad.log.content).toEqual(['0@0+1', '1@0+1']);
  });
});
