import { type BrokerId, brokerEpoch, brokerId, controllerEpoch } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import type { PeerClient } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { Partition } from '../../src/cluster/partition.ts';
import { LogEndSurvey } from '../../src/requests/log-end-survey.ts';
import { Senders } from '../../src/requests/senders.ts';
import { idSet, ids, leaderAndIsr } from '../support/views.ts';

const ENDPOINT = { listener: 'PEERS', securityProtocol: 'PLAINTEXT', host: 'b', port: 1 } as const;

/** Partition t-0 without a leader in epoch 5, brokers 1 and 2; each question is answered when the test says so. */
function begin() {
  const scheduler = new SimulatedScheduler(new SimulatedClock());
  const asked: { broker: BrokerId; answer(end: number, errorCode?: number): void }[] = [];
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const surroundings = {
    controllerId: brokerId(1),
    controllerEpoch: controllerEpoch(1),
    scheduler,
    logger: silent,
    requestTimeoutMs: 1000,
  };
  const clientOf = (broker: BrokerId): PeerClient => ({
    send: () =>
      new Promise<never>((resolve) => {
        const answer = (end: number, errorCode = 0) => {
          const partition = {
            partitionIndex: 0,
            errorCode,
            oldStyleOffsets: [],
            timestamp: -1n,
            offset: BigInt(end),
            leaderEpoch: 3,
          };
          resolve({ throttleTimeMs: 0, topics: [{ name: 't', partitions: [partition] }] } as never);
        };
        asked.push({ broker, answer });
      }),
    close: async () => {},
  });
  const cluster = new Cluster();
  const options = { connect: ({ id }: { id: BrokerId }) => clientOf(id), peerListener: 'PEERS' };
  const senders = new Senders(options, surroundings, () => {});
  const register = (id: number, epoch: number) => {
    const broker = {
      id: brokerId(id),
      epoch: brokerEpoch(epoch),
      endpoints: [ENDPOINT],
      rack: undefined,
      isUnclean: true,
      isShuttingDown: false,
      version: 1,
    };
    cluster.setBroker(broker);
    senders.start(broker);
  };
  register(1, 10);
  register(2, 20);
  const topic = cluster.addTopic('t', 'AAAAAAAAAAAAAAAAAAAAAg');
  const partition = new Partition(topic, 0, { replicas: ids(1, 2), addingReplicas: [], removingReplicas: [] });
  partition.adopt(leaderAndIsr(undefined, [1, 2]), idSet(1, 2));
  topic.partitions.set(0, partition);
  let completions = 0;
  const survey = new LogEndSurvey(cluster, senders, surroundings, () => {
    completions++;
  });
  const ends = () => [...survey.answersOf(partition)].map(([id, { endOffset }]) => [id, endOffset]);
  return { scheduler, asked, partition, survey, register, ends, completions: () => completions };
}

describe('LogEndSurvey', () => {
  it('is complete once all have answered', async () => {
    const { scheduler, asked, partition, survey, ends, completions } = begin();
    survey.ask(partition, 5, ids(1, 2));
    await scheduler.advanceBy(0);
    asked[0]?.answer(7);
    await scheduler.advanceBy(0);
    expect([completions(), survey.completed()]).toEqual([0, []]);
    asked[1]?.answer(9);
    await scheduler.advanceBy(1000);
    expect([completions(), survey.completed(), ends(), asked.length]).toEqual([
      1,
      [partition],
      [
        [1, 7],
        [2, 9],
      ],
      2,
    ]);
  });

  it('asks again after an error', async () => {
    const { scheduler, asked, partition, survey, ends } = begin();
    survey.ask(partition, 5, ids(1));
    await scheduler.advanceBy(0);
    asked[0]?.answer(7, 6);
    await scheduler.advanceBy(200);
    asked[1]?.answer(8);
    await scheduler.advanceBy(0);
    expect(ends()).toEqual([[1, 8]]);
  });

  it('takes no answer of a broker that has registered anew since it was asked, and asks it once more', async () => {
    const { scheduler, asked, partition, survey, register, ends } = begin();
    survey.ask(partition, 5, ids(1));
    await scheduler.advanceBy(0);
    register(1, 11);
    asked[0]?.answer(7);
    await scheduler.advanceBy(200);
    expect(ends()).toEqual([]);
    asked[1]?.answer(3);
    await scheduler.advanceBy(0);
    expect(ends()).toEqual([[1, 3]]);
  });

  it('takes no answer to what it asked in an earlier epoch of the partition', async () => {
    const { scheduler, asked, partition, survey, ends } = begin();
    survey.ask(partition, 4, ids(1));
    await scheduler.advanceBy(0);
    survey.ask(partition, 5, ids(1));
    asked[0]?.answer(7);
    await scheduler.advanceBy(0);
    expect(ends()).toEqual([]);
  });

  it.each(['forget', 'stop'] as const)('asks no more after %s', async (how) => {
    const { scheduler, asked, partition, survey } = begin();
    survey.ask(partition, 5, ids(1));
    await scheduler.advanceBy(0);
    survey[how](partition);
    asked[0]?.answer(7, 6);
    await scheduler.advanceBy(1000);
    expect(asked.length).toBe(1);
  });
});
