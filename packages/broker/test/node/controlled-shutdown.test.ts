import { brokerEpoch, brokerId, ERRORS, type ErrorName, leaderEpoch, partitionEpoch } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { PeerError, type PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { type ClusterImage, type ClusterView, EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { NO_LOG } from '../../src/logger.ts';
import { shutDownControlled } from '../../src/node/controlled-shutdown.ts';
import type { Requests } from '../../src/peers/requests.ts';

const SELF = brokerId(1);
const OTHER = brokerId(2);
const LEFT = [{ topicName: 't', partitionIndex: 0 }];

type Answer = { errorCode: number; remainingPartitions: typeof LEFT };
const answer = (remainingPartitions: typeof LEFT = [], error: ErrorName = 'NONE'): Answer => ({
  errorCode: ERRORS[error].code,
  remainingPartitions,
});

const imageOf = (...live: (typeof SELF)[]): ClusterImage => ({
  ...EMPTY_CLUSTER,
  controllerId: live.at(-1),
  brokers: new Map(live.map((id) => [id, { id, endpoints: [], rack: undefined }])),
  topics: new Map([['t', { name: 't', topicId: undefined, partitions: new Map([[0, PARTITION]]) }]]),
});

const PARTITION = {
  leader: SELF,
  leaderEpoch: leaderEpoch(3),
  partitionEpoch: partitionEpoch(3),
  isr: [SELF],
  replicas: [SELF, OTHER],
  offlineReplicas: [],
};

/** Runs it against a controller that answers these, one after the other; the last one again and again. */
async function shutDown(image: ClusterImage, ...answers: (Answer | PeerError)[]) {
  return await shutDownIn({ image, onChange: () => () => {} }, answers);
}

async function shutDownIn(cluster: ClusterView, answers: (Answer | PeerError)[], news: () => void = () => {}) {
  const clock = new SimulatedClock();
  const scheduler = new SimulatedScheduler(clock);
  const asked: { broker: number; version: number; request: PeerRequest<'ControlledShutdown'> }[] = [];
  const requests = {
    ask: async (broker: number, _api: string, version: number, request: PeerRequest<'ControlledShutdown'>) => {
      asked.push({ broker, version, request });
      const next = answers[Math.min(asked.length, answers.length) - 1];
      if (next === undefined || next instanceof PeerError) throw next;
      return next;
    },
  } as unknown as Requests;
  const done = shutDownControlled({
    brokerId: SELF,
    brokerEpoch: () => brokerEpoch(77),
    cluster,
    requests,
    scheduler,
    logger: NO_LOG,
    attempts: 3,
    backoffMs: 5000,
    requestTimeoutMs: 30_000,
  });
  let doneAtMs: number | undefined;
  void done.then(() => {
    doneAtMs = clock.steadyMs();
  });
  await scheduler.advanceBy(100);
  news();
  await scheduler.advanceBy(60_000);
  return { isDone: await done, asked, doneAtMs };
}

describe('shutDownControlled', () => {
  it('asks the controller under the epoch of this broker', async () => {
    const { isDone, asked } = await shutDown(imageOf(SELF, OTHER), answer());
    expect(isDone).toBe(true);
    expect(asked).toEqual([{ broker: OTHER, version: 3, request: { brokerId: SELF, brokerEpoch: 77n } }]);
  });

  it('asks again while partitions remain that another could lead', async () => {
    const { isDone, asked } = await shutDown(imageOf(SELF, OTHER), answer(LEFT), answer());
    expect(isDone).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('gives up after as many attempts as it has', async () => {
    const { isDone, asked } = await shutDown(imageOf(SELF, OTHER), answer(LEFT));
    expect(isDone).toBe(false);
    expect(asked).toHaveLength(3);
  });

  it('does not wait for partitions of which no other live broker has a replica', async () => {
    const { isDone, asked } = await shutDown(imageOf(SELF), answer(LEFT));
    expect(isDone).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('asks again after an error, and after no answer', async () => {
    const lost = new PeerError('unknown', 'disconnected', 'it broke');
    const { isDone, asked } = await shutDown(imageOf(SELF, OTHER), answer([], 'NOT_CONTROLLER'), lost, answer());
    expect(isDone).toBe(true);
    expect(asked).toHaveLength(3);
  });

  it('does not wait for a controller where there is no other broker', async () => {
    const image = { ...imageOf(SELF), controllerId: undefined };
    const { isDone, asked } = await shutDown(image, answer());
    expect(isDone).toBe(false);
    expect(asked).toEqual([]);
  });

  it('waits until this broker has heard who leads now', async () => {
    const listeners = new Set<(image: ClusterImage) => void>();
    const cluster = {
      image: imageOf(SELF, OTHER),
      onChange: (listener: (image: ClusterImage) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const moved = { ...PARTITION, leader: OTHER };
    const topics = new Map([['t', { name: 't', topicId: undefined, partitions: new Map([[0, moved]]) }]]);
    const { isDone, doneAtMs } = await shutDownIn(cluster, [answer()], () => {
      for (const listener of listeners) listener({ ...cluster.image, topics });
    });
    expect(isDone).toBe(true);
    expect(doneAtMs).toBe(100);
    expect(listeners.size).toBe(0);
  });

  it('waits for that only a while, and for nothing that stays', async () => {
    const { isDone, doneAtMs } = await shutDown(imageOf(SELF, OTHER), answer());
    expect([isDone, doneAtMs]).toEqual([true, 1000]);
    expect((await shutDown(imageOf(SELF), answer(LEFT))).doneAtMs).toBe(0);
  });
});
