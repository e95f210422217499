import { ERRORS, type ErrorName } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import type { PeerHandler, PeerRequest, PeerResponse } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { ask } from '../support/ask.ts';
import { batchOf } from '../support/batches.ts';
import { type Life, SimulatedCluster } from '../support/node/simulated-cluster.ts';

const TOPIC = 'orders';

/** Three brokers, and the lives of those that are not the controller. */
async function begin() {
  const cluster = new SimulatedCluster();
  const machines = [1, 2, 3].map((id) => cluster.machine(id));
  const lives: Life[] = [];
  for (const machine of machines) lives.push(await cluster.start(machine));
  await cluster.scheduler.advanceBy(1000);
  const others = lives.filter(({ broker }) => !broker.isController);
  return { cluster, lives, others };
}

/** As a client that is connected to this broker. */
function askAsClient<Api extends ApiName>(
  cluster: SimulatedCluster,
  { broker }: Life,
  api: Api,
  version: number,
  request: PeerRequest<Api>,
): Promise<PeerResponse<Api>> {
  const handler = broker.parts.handlers[api] as PeerHandler<Api> | undefined;
  if (handler === undefined) throw new Error(`${api} is not served`);
  return cluster.run(ask(api, handler, version, request, { listener: 'CLIENTS' }));
}

const nameOf = (code: number | undefined): ErrorName | undefined =>
  Object.values(ERRORS).find((row) => row.code === code)?.name;

const partitionOf = ({ broker }: Life, index = 0) => broker.parts.cache.image.topics.get(TOPIC)?.partitions.get(index);

async function create(cluster: SimulatedCluster, life: Life): Promise<void> {
  const assignments = [{ partitionIndex: 0, brokerIds: [3, 2, 1] }];
  const asked = { name: TOPIC, numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
  const { topics } = await askAsClient(cluster, life, 'CreateTopics', 5, { topics: [asked], timeoutMs: 5000 });
  expect(topics.map(({ errorCode }) => nameOf(errorCode))).toEqual(['NONE']);
}

describe('a broker that is not the controller', () => {
  it('has topics created, extended and deleted', async () => {
    const { cluster, others } = await begin();
    const [one, other] = others;
    if (one === undefined || other === undefined) throw new Error('there is one controller');
    await create(cluster, one);
    const topics = [{ name: TOPIC, count: 2, assignments: null }];
    const extended = await askAsClient(cluster, other, 'CreatePartitions', 1, {
      topics,
      timeoutMs: 5000,
      validateOnly: false,
    });
    expect(extended.results.map(({ errorCode }) => nameOf(errorCode))).toEqual(['NONE']);
    await cluster.scheduler.advanceBy(500);
    expect(partitionOf(one, 1)?.leader).toBeDefined();
    const deletion = { topicNames: [TOPIC], topics: [], timeoutMs: 5000 };
    const deleted = await askAsClient(cluster, one, 'DeleteTopics', 3, deletion);
    expect(deleted.responses.map(({ errorCode }) => nameOf(errorCode))).toEqual(['NONE']);
    const again = await askAsClient(cluster, other, 'DeleteTopics', 3, deletion);
    expect(again.responses.map(({ errorCode }) => nameOf(errorCode))).toEqual(['UNKNOWN_TOPIC_OR_PARTITION']);
  });

  it('has leaders elected, and the one that asks next hears of them', async () => {
    const { cluster, lives, others } = await begin();
    const [one] = others;
    const leader = lives[2];
    if (one === undefined || leader === undefined) throw new Error('there are three');
    await create(cluster, one);
    const elect = () => {
      const topicPartitions = [{ topic: TOPIC, partitions: [0, 5] }];
      return askAsClient(cluster, one, 'ElectLeaders', 2, { electionType: 0, topicPartitions, timeoutMs: 5000 });
    };
    const resultsIn = ({ replicaElectionResults }: PeerResponse<'ElectLeaders'>) =>
      replicaElectionResults.flatMap(({ partitionResult }) =>
        partitionResult.map(({ errorCode }) => nameOf(errorCode)),
      );
    expect(resultsIn(await elect())).toEqual(['ELECTION_NOT_NEEDED', 'UNKNOWN_TOPIC_OR_PARTITION']);
    leader.session.hold();
    await cluster.scheduler.advanceBy(10_000);
    expect(partitionOf(one)?.leader).toBe(2);
    leader.session.release();
    await cluster.scheduler.advanceBy(20_000);
    expect(partitionOf(one)?.isr).toContain(3);
    expect(resultsIn(await elect())).toEqual(['NONE', 'UNKNOWN_TOPIC_OR_PARTITION']);
    await cluster.scheduler.advanceBy(100);
    expect(lives.map((life) => partitionOf(life)?.leader)).toEqual([3, 3, 3]);
  });
});

describe('a leader', () => {
  it('deletes records of all replicas, and each broker tells what is left of them', async () => {
    const { cluster, lives, others } = await begin();
    const [one] = others;
    const leader = lives[2];
    if (one === undefined || leader === undefined) throw new Error('there are three');
    await create(cluster, one);
    const partitionData = [{ index: 0, records: batchOf(3) }];
    const request = { acks: -1, timeoutMs: 5000, topicData: [{ name: TOPIC, partitionData }] };
    await askAsClient(cluster, leader, 'Produce', 9, request);
    const topics = [{ name: TOPIC, partitions: [{ partitionIndex: 0, offset: -1n }] }];
    const deleted = await askAsClient(cluster, leader, 'DeleteRecords', 1, { topics, timeoutMs: 5000 });
    expect(deleted.topics[0]?.partitions[0]).toEqual({ partitionIndex: 0, errorCode: 0, lowWatermark: 3n });
    for (const life of lives) {
      expect(life.broker.parts.replicas.statusOf({ topic: TOPIC, partition: 0 })?.logStartOffset).toBe(3);
      const { results } = await askAsClient(cluster, life, 'DescribeLogDirs', 4, { topics: null });
      expect(results[0]?.topics[0]).toMatchObject({ name: TOPIC, partitions: [{ isFutureKey: false }] });
    }
  });
});
