import { ERRORS, type ErrorName, leaderEpoch } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { electLeadersHandler } from '../../../src/requests/elect-leaders/elect-leaders-handler.ts';
import { ask } from '../../support/ask.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { clusterTopic, FakeCluster } from '../../support/topics/fake-cluster.ts';
import { topicOf } from '../../support/topics/topic-lab.ts';

const ASKED = { electionType: 0, topicPartitions: [{ topic: 't', partitions: [0, 1] }], timeoutMs: 1000 };

/** The controller elects for partition 0, in the epoch that is given, and answers ELECTION_NOT_NEEDED for the other. */
function begin(epoch = 3) {
  const clock = new SimulatedClock();
  const scheduler = new SimulatedScheduler(clock);
  const cluster = new FakeCluster([1, 2]);
  const topic = clusterTopic('t', topicOf('AAAAAAAAAAAAAAAAAAAAAQ', 2, [1, 2]));
  cluster.put(topic);
  const elections: number[] = [];
  const handler = electLeadersHandler({
    controller: {
      electLeaders: async ({ electionType }) => {
        elections.push(electionType);
        const partitionResult = [result(0, 'NONE'), result(1, 'ELECTION_NOT_NEEDED')];
        return {
          answer: { throttleTimeMs: 0, errorCode: 0, replicaElectionResults: [{ topic: 't', partitionResult }] },
          begun: [{ topic: 't', partition: 0, leaderEpoch: leaderEpoch(epoch) }],
        };
      },
    },
    cluster,
    scheduler,
    log: recordingLog(),
  });
  const hear = (heard: number): void => {
    const partitions = new Map(topic.partitions);
    const known = partitions.get(0);
    if (known !== undefined) partitions.set(0, { ...known, leaderEpoch: leaderEpoch(heard) });
    cluster.put({ ...topic, partitions });
  };
  const elect = (changes: object = {}, version = 2) => ask('ElectLeaders', handler, version, { ...ASKED, ...changes });
  return { elect, hear, scheduler, elections, cluster };
}

const result = (partitionId: number, error: ErrorName) => ({
  partitionId,
  errorCode: ERRORS[error].code,
  errorMessage: null,
});

const codesIn = (answer: Awaited<ReturnType<ReturnType<typeof begin>['elect']>>) =>
  answer.replicaElectionResults.flatMap(({ partitionResult }) => partitionResult.map(({ errorCode }) => errorCode));

describe('ElectLeaders', () => {
  it('is answered once this broker has heard of the new leaders', async () => {
    const { elect, hear, scheduler } = begin();
    const answer = elect();
    let isAnswered = false;
    void answer.then(() => {
      isAnswered = true;
    });
    await scheduler.advanceBy(900);
    hear(2);
    await scheduler.advanceBy(50);
    expect(isAnswered).toBe(false);
    hear(3);
    expect(codesIn(await answer)).toEqual([0, ERRORS.ELECTION_NOT_NEEDED.code]);
  });

  it('answers REQUEST_TIMED_OUT for those of which it does not hear in time', async () => {
    const { elect, scheduler, cluster } = begin();
    const answer = elect();
    await scheduler.advanceBy(1000);
    expect(codesIn(await answer)).toEqual([ERRORS.REQUEST_TIMED_OUT.code, ERRORS.ELECTION_NOT_NEEDED.code]);
    expect(cluster.listeners).toBe(0);
  });

  it.each([0, 1, 2])('asks for the election that version %i can name', async (version) => {
    const { elect, hear, elections } = begin();
    hear(3);
    await elect({ electionType: version === 0 ? 0 : 1 }, version);
    expect(elections).toEqual([version === 0 ? 0 : 1]);
  });

  it('refuses an election of an unknown type', async () => {
    const { elect, elections } = begin();
    expect(await elect({ electionType: 2 })).toMatchObject({ errorCode: ERRORS.INVALID_REQUEST.code });
    expect(elections).toEqual([]);
  });
});
