import { brokerEpoch, brokerId, ERRORS, type ErrorName, partitionEpoch } from '@barnabas/model';
import { PeerError, type PeerRequest, type PeerResponse } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { ReplicaCluster, unreachable } from '../support/replication/replica-cluster.ts';

const isr = (cluster: ReplicaCluster): readonly number[] =>
  cluster.broker(1).replicas.statusOf({ topic: 't', partition: 0 })?.isr ?? [];

/** The ids of what was asked for last. */
const lastAsked = (cluster: ReplicaCluster): number[] | undefined =>
  cluster.controller.asked.at(-1)?.topics[0]?.partitions[0]?.newIsrWithEpochs?.map((member) => member.brokerId);

/** Broker 3 is out, and has the epoch of the leader. */
const withoutThree = async (options: Parameters<typeof ReplicaCluster.start>[0] = {}): Promise<ReplicaCluster> => {
  const cluster = await ReplicaCluster.start(options);
  await cluster.produce(1, { acks: 1 });
  await cluster.elect(1, [1, 2]);
  await cluster.replicate(1, [2]);
  return cluster;
};

const refusal = (error: ErrorName, request: PeerRequest<'AlterPartition'>): PeerResponse<'AlterPartition'> => ({
  throttleTimeMs: 0,
  errorCode: 0,
  topics: request.topics.map(({ topicId = '', partitions }) => ({
    topicName: '',
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: ERRORS[error].code,
      leaderId: -1,
      leaderEpoch: -1,
      isr: [],
      leaderRecoveryState: 0,
      partitionEpoch: -1,
    })),
  })),
});

describe('joining the ISR', () => {
  it('takes a follower in once it has reached the high watermark', async () => {
    const cluster = await withoutThree();
    await cluster.replicate(1, [3]);
    expect(isr(cluster)).toEqual([1, 2]);
    await cluster.replicate(1, [3]);
    expect(isr(cluster)).toEqual([1, 2, 3]);
    expect(cluster.broker(1).counts.expanded).toBe(1);
  });

  it('does not take one in that has reached the high watermark but not the start of the epoch', async () => {
    // With three needed and two in sync the high watermark stays where it is: at 0.
    const cluster = await ReplicaCluster.start({ config: { minInsyncReplicas: 3 } });
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(1, [2]);
    await cluster.elect(2, [1, 2]);
    await cluster.replicate(2, [1]);
    await cluster.replicate(1, [3]);
    expect([cluster.logOf(2).highWatermark, cluster.logOf(3).endOffset]).toEqual([0, 1]);
    expect(cluster.controller.asked).toEqual([]);
    await cluster.replicate(1, [3]);
    expect(cluster.controller.stateOf(0).isr).toEqual([1, 2, 3]);
  });

  it('does not take one in that has reached the start of the epoch but not the high watermark', async () => {
    const cluster = await withoutThree();
    await cluster.produce(1, { acks: 1 });
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(3, [2]);
    expect(cluster.logOf(1).highWatermark).toBe(3);
    // One batch at a time.
    for (const end of [1, 2, 3]) {
      await cluster.broker(3).fetchers.pump(1);
      await cluster.settled();
      expect([cluster.logOf(3).endOffset, isr(cluster)]).toEqual([end, [1, 2]]);
    }
    await cluster.broker(3).fetchers.pump(1);
    await cluster.settled();
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('names each member under the broker epoch of its own fetch', async () => {
    const cluster = await withoutThree();
    await cluster.replicate(2, [3]);
    expect(cluster.controller.asked[0]?.topics[0]?.partitions[0]?.newIsrWithEpochs).toEqual([
      { brokerId: 1, brokerEpoch: 100n },
      { brokerId: 2, brokerEpoch: 200n },
      { brokerId: 3, brokerEpoch: 300n },
    ]);
  });

  it('does not propose a broker that is not alive', async () => {
    const cluster = await withoutThree();
    cluster.controller.registered.delete(brokerId(3));
    cluster.publish();
    await cluster.replicate(2, [3]);
    expect(cluster.controller.asked).toEqual([]);
  });

  it('waits until the other members have fetched in this epoch, too: they have no broker epoch before', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1, [1, 2]);
    await cluster.replicate(2, [3]);
    expect(cluster.controller.asked).toEqual([]);
    await cluster.replicate(1, [2]);
    await cluster.replicate(1, [3]);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('counts a fetch of an earlier registration no more, once a later one was heard of', async () => {
    const cluster = await withoutThree();
    cluster.broker(3).epoch = brokerEpoch(301);
    await cluster.replicate(1, [3]);
    cluster.broker(3).epoch = brokerEpoch(300);
    await cluster.replicate(1, [3]);
    expect(cluster.broker(3).fetchers.errors).toEqual(['NOT_LEADER_OR_FOLLOWER']);
    expect(cluster.controller.asked).toEqual([]);
  });

  it('asks no more at every fetch, once the controller has said that the replica is not eligible', async () => {
    const cluster = await withoutThree();
    cluster.controller.registered.set(brokerId(3), brokerEpoch(999));
    await cluster.replicate(6, [3]);
    expect(cluster.controller.asked.length).toBe(1);
    expect(isr(cluster)).toEqual([1, 2]);
    expect(cluster.broker(1).counts.failed).toBe(1);
    cluster.controller.registered.set(brokerId(3), cluster.broker(3).epoch);
    await cluster.scheduler.advanceBy(500);
    await cluster.replicate(1, [3]);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });
});

describe('leaving the ISR', () => {
  it('drops who has not been caught up for replica.lag.time.max.ms', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.replicate(2);
    await cluster.produce(1, { acks: 1 });
    for (let at = 0; at < 7; at++) {
      await cluster.scheduler.advanceBy(5000);
      await cluster.replicate(1, [2]);
    }
    expect(isr(cluster)).toEqual([1, 2, 3]);
    await cluster.scheduler.advanceBy(10_000);
    expect(isr(cluster)).toEqual([1, 2]);
    expect(cluster.broker(1).counts.shrunk).toBe(1);
    expect(cluster.logOf(1).highWatermark).toBe(1);
  });

  it('keeps who is at the log end, however long ago it fetched', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.replicate(2);
    await cluster.scheduler.advanceBy(120_000);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('keeps who is always a little behind, as long as it keeps pace', async () => {
    const cluster = await ReplicaCluster.start();
    for (let at = 0; at < 24; at++) {
      await cluster.produce(1, { acks: 1 });
      await cluster.replicate(1);
      await cluster.produce(1, { acks: 1 });
      await cluster.scheduler.advanceBy(5000);
    }
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('counts nobody as behind for what is not yet to be read', async () => {
    const cluster = await ReplicaCluster.start();
    for (let at = 0; at < 24; at++) {
      // On its way to the disk while the fetches come.
      void cluster.produce(1, { acks: 1 });
      await Promise.all([2, 3].map((id) => cluster.broker(id).fetchers.pump()));
      await cluster.scheduler.advanceBy(5000);
    }
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('gives members time from the beginning of an epoch, and then drops those who never came', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1);
    await cluster.scheduler.advanceBy(30_000);
    expect(isr(cluster)).toEqual([1, 2, 3]);
    await cluster.scheduler.advanceBy(15_000);
    expect(isr(cluster)).toEqual([1]);
  });

  it('counts those who are leaving until the controller has written it', async () => {
    const cluster = await ReplicaCluster.start({ lagMaxMs: 1000 });
    await cluster.replicate(2, [2]);
    cluster.alter = unreachable;
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(2, [2]);
    await cluster.scheduler.advanceBy(2000);
    expect(cluster.logOf(1).highWatermark).toBe(0);
  });
});

describe('asking the controller', () => {
  it('asks again after 50 ms for as long as there is no answer, and with the same proposal', async () => {
    const cluster = await withoutThree();
    const { alter } = cluster;
    let attempts = 0;
    cluster.alter = (request) => {
      attempts++;
      return attempts < 4 ? unreachable(request) : alter(request);
    };
    await cluster.replicate(2, [3]);
    expect(attempts).toBe(1);
    await cluster.scheduler.advanceBy(49);
    expect(attempts).toBe(1);
    await cluster.scheduler.advanceBy(1);
    expect(attempts).toBe(2);
    await cluster.scheduler.advanceBy(100);
    expect(attempts).toBe(4);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('asks again where the controller is none any more', async () => {
    const cluster = await withoutThree();
    const { alter } = cluster;
    let isActive = false;
    cluster.alter = async (request) =>
      isActive ? alter(request) : { throttleTimeMs: 0, errorCode: ERRORS.NOT_CONTROLLER.code, topics: [] };
    await cluster.replicate(2, [3]);
    isActive = true;
    await cluster.scheduler.advanceBy(50);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('has one request under way, and takes to the next what came meanwhile', async () => {
    const cluster = await ReplicaCluster.start();
    for (const each of [1, 2]) cluster.controller.create(each, [1, 2, 3].map(brokerId), [1, 2].map(brokerId));
    await cluster.tell([1, 2, 3]);
    await cluster.elect(1, [1, 2]);
    const asked: number[][] = [];
    let answer = (): void => {};
    const { alter } = cluster;
    cluster.alter = async (request) => {
      asked.push(request.topics.flatMap(({ partitions }) => partitions.map((each) => each.partitionIndex)));
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return alter(request);
    };
    await cluster.replicate(1, [2]);
    const { following } = cluster.broker(3).fetchers;
    const others = [...following].slice(1);
    for (const [name] of others) following.delete(name);
    await cluster.replicate(1, [3]);
    expect(asked).toEqual([[0]]);
    for (const [name, each] of others) following.set(name, each);
    await cluster.replicate(1, [3]);
    expect(asked).toEqual([[0]]);
    answer();
    await cluster.settled();
    expect(asked).toEqual([[0], [1, 2]]);
  });

  it('waits while the ZooKeeper session is lost, and goes on with produce and fetch', async () => {
    const cluster = await withoutThree();
    cluster.broker(1).sessionState = 'LOST';
    await cluster.replicate(3, [3]);
    await cluster.scheduler.advanceBy(1000);
    expect(cluster.controller.asked).toEqual([]);
    const produced = cluster.produce(1);
    await cluster.settled();
    await cluster.replicate(2);
    expect((await produced).kind).toBe('appended');
    cluster.broker(1).sessionState = 'CONNECTED';
    await cluster.scheduler.advanceBy(50);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('does not wait for a controller that has been replaced', async () => {
    const cluster = await withoutThree();
    const { alter } = cluster;
    let attempts = 0;
    cluster.alter = (request) => (attempts++ === 0 ? new Promise(() => {}) : alter(request));
    await cluster.replicate(2, [3]);
    expect(isr(cluster)).toEqual([1, 2]);
    const { view } = cluster.broker(1);
    view.set({ ...view.image, controllerId: brokerId(2) });
    await cluster.settled();
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('counts the joiner as long as it is not known whether it is in', async () => {
    const cluster = await withoutThree();
    cluster.alter = unreachable;
    await cluster.replicate(2, [3]);
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(2, [2]);
    // 3 has been silent for so long that nobody would wait for it, were it not in the proposal.
    await cluster.scheduler.advanceBy(60_000);
    expect(cluster.logOf(1).highWatermark).toBe(1);
    expect(isr(cluster)).toEqual([1, 2]);
  });
});

describe('an answer that says that the state is another one', () => {
  it('INELIGIBLE_REPLICA after an attempt without an answer: that one may yet be written, and the joiner counts', async () => {
    const cluster = await withoutThree();
    let attempts = 0;
    cluster.alter = async (request) => {
      if (++attempts === 1) throw new PeerError('unknown', 'deadline', 'no answer');
      return refusal('INELIGIBLE_REPLICA', request);
    };
    await cluster.replicate(2, [3]);
    await cluster.scheduler.advanceBy(50);
    expect(attempts).toBe(2);
    await cluster.produce(1, { acks: 1 });
    await cluster.scheduler.advanceBy(1000);
    await cluster.replicate(2, [2]);
    expect(cluster.logOf(1).highWatermark).toBe(1);
    const state = cluster.controller.stateOf(0);
    const late = { ...state, isr: [1, 2, 3].map(brokerId), partitionEpoch: partitionEpoch(state.partitionEpoch + 1) };
    cluster.controller.partitions.set(0, late);
    cluster.publish();
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('adopts what was written, where the answer to it was lost and the controller has moved on', async () => {
    const cluster = await withoutThree();
    const { alter } = cluster;
    cluster.alter = async (request) => {
      await alter(request);
      throw new Error('the connection broke');
    };
    await cluster.replicate(2, [3]);
    expect(cluster.controller.stateOf(0).isr).toEqual([1, 2, 3]);
    cluster.alter = alter;
    await cluster.scheduler.advanceBy(50);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('INVALID_UPDATE_VERSION: does not ask in a loop, and takes the state from UpdateMetadata', async () => {
    const cluster = await withoutThree();
    let attempts = 0;
    cluster.alter = async (request) => {
      attempts++;
      return refusal('INVALID_UPDATE_VERSION', request);
    };
    await cluster.replicate(4, [3]);
    await cluster.scheduler.advanceBy(5000);
    expect(attempts).toBe(1);
    const state = cluster.controller.stateOf(0);
    const next = { ...state, isr: [1, 2, 3].map(brokerId), partitionEpoch: partitionEpoch(state.partitionEpoch + 1) };
    cluster.controller.partitions.set(0, next);
    cluster.publish();
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('takes the state at once where UpdateMetadata was faster than the answer', async () => {
    const cluster = await withoutThree();
    cluster.alter = async (request) => {
      const state = cluster.controller.stateOf(0);
      const next = { ...state, isr: [1, 2, 3].map(brokerId), partitionEpoch: partitionEpoch(state.partitionEpoch + 1) };
      cluster.controller.partitions.set(0, next);
      cluster.publish();
      return refusal('INVALID_UPDATE_VERSION', request);
    };
    await cluster.replicate(2, [3]);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it.each([
    'FENCED_LEADER_EPOCH',
    'UNKNOWN_TOPIC_ID',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'INVALID_REQUEST',
  ] as const)('%s: keeps counting both sets, and asks again only after half of the lag time', async (error) => {
    const cluster = await withoutThree();
    let attempts = 0;
    const { alter } = cluster;
    cluster.alter = async (request) => {
      attempts++;
      return refusal(error, request);
    };
    await cluster.replicate(2, [3]);
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(3, [2]);
    await cluster.scheduler.advanceBy(1000);
    expect(attempts).toBe(1);
    expect(cluster.logOf(1).highWatermark).toBe(1);
    cluster.alter = alter;
    await cluster.scheduler.advanceBy(15_000);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('NOT_CONTROLLER for a partition alone: asks again', async () => {
    const cluster = await withoutThree();
    const { alter } = cluster;
    let attempts = 0;
    cluster.alter = async (request) => (attempts++ === 0 ? refusal('NOT_CONTROLLER', request) : alter(request));
    await cluster.replicate(2, [3]);
    await cluster.scheduler.advanceBy(50);
    expect(attempts).toBe(2);
    expect(isr(cluster)).toEqual([1, 2, 3]);
  });

  it('OPERATION_NOT_ATTEMPTED: nothing was written, and the last state holds', async () => {
    const cluster = await withoutThree();
    cluster.alter = async (request) => refusal('OPERATION_NOT_ATTEMPTED', request);
    await cluster.replicate(2, [3]);
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(3, [2]);
    expect(cluster.logOf(1).highWatermark).toBe(2);
  });

  it('throws an answer away that comes in a later epoch', async () => {
    const cluster = await withoutThree();
    let answer = (): void => {};
    const { alter } = cluster;
    cluster.alter = async (request) => {
      const response = await alter(request);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return response;
    };
    await cluster.replicate(2, [3]);
    expect(lastAsked(cluster)).toEqual([1, 2, 3]);
    await cluster.elect(1, [1, 2]);
    answer();
    await cluster.settled();
    expect(isr(cluster)).toEqual([1, 2]);
  });
});
