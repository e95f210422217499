import { brokerId, ERRORS, type ErrorName, leaderEpoch } from '@barnabas/model';
import type { LeaderAndIsrRequest } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { PARTITION, TOPIC_ID } from '../support/replication/fake-controller.ts';
import { ReplicaCluster } from '../support/replication/replica-cluster.ts';

const code = (name: ErrorName): number => ERRORS[name].code;

const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAABA';

/** Sends broker 1 what the controller has to say, changed. */
const send = async (
  cluster: ReplicaCluster,
  changes: Partial<LeaderAndIsrRequest> = {},
  to = 1,
): Promise<{ error: number; partitions: (number | undefined)[] }> => {
  const request = cluster.controller.leaderAndIsr(brokerId(to), cluster.controller.partitions.keys());
  const response = await cluster.broker(to).replicas.leaderAndIsr({ ...request, ...changes });
  const partitions = response.topics.flatMap((topic) => topic.partitionErrors.map((each) => each.errorCode));
  return { error: response.errorCode, partitions };
};

const roleOf = (cluster: ReplicaCluster, id: number): string | undefined =>
  cluster.broker(id).replicas.statusOf(PARTITION)?.role;

describe('LeaderAndIsr as a whole', () => {
  it('STALE_BROKER_EPOCH where it is meant for an earlier registration', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.change(0, { leader: brokerId(2) });
    expect(await send(cluster, { brokerEpoch: 99n })).toEqual({ error: code('STALE_BROKER_EPOCH'), partitions: [] });
    expect(roleOf(cluster, 1)).toBe('leader');
  });

  it('takes one for a later registration than the broker knows of', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.change(0, { leader: brokerId(2) });
    expect(await send(cluster, { brokerEpoch: 101n })).toEqual({ error: 0, partitions: [0] });
  });

  it('STALE_CONTROLLER_EPOCH of a controller that has been replaced', async () => {
    const cluster = await ReplicaCluster.start();
    expect((await send(cluster, { controllerEpoch: 5 })).error).toBe(0);
    cluster.controller.change(0, { leader: brokerId(2) });
    expect(await send(cluster, { controllerEpoch: 4 })).toEqual({
      error: code('STALE_CONTROLLER_EPOCH'),
      partitions: [],
    });
    expect(roleOf(cluster, 1)).toBe('leader');
  });

  it('is fenced as well where the later controller speaks while it waits for its turn', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.change(0, { leader: brokerId(2) });
    const first = send(cluster, { controllerEpoch: 1 });
    const stale = send(cluster, { controllerEpoch: 1 });
    const later = send(cluster, { controllerEpoch: 2 });
    expect((await first).error).toBe(code('STALE_CONTROLLER_EPOCH'));
    expect((await stale).error).toBe(code('STALE_CONTROLLER_EPOCH'));
    expect((await later).error).toBe(0);
  });
});

describe('LeaderAndIsr for a partition', () => {
  it('STALE_CONTROLLER_EPOCH for a leader epoch that is known or over', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1);
    expect((await send(cluster)).partitions).toEqual([code('STALE_CONTROLLER_EPOCH')]);
    const state = cluster.controller.stateOf(0);
    cluster.controller.partitions.set(0, { ...state, leader: brokerId(2), leaderEpoch: leaderEpoch(0) });
    expect((await send(cluster)).partitions).toEqual([code('STALE_CONTROLLER_EPOCH')]);
    expect(roleOf(cluster, 1)).toBe('leader');
  });

  it('says nothing of what is known already, as a new controller tells everything, and of what is over it does', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.elect(1);
    const { lines } = cluster.broker(1).log;
    lines.length = 0;
    await send(cluster);
    expect(lines).toEqual(['debug: not taken over']);
    cluster.controller.partitions.set(0, { ...cluster.controller.stateOf(0), leaderEpoch: leaderEpoch(0) });
    await send(cluster);
    expect(lines).toEqual(['debug: not taken over', 'info: not taken over']);
  });

  it('INCONSISTENT_TOPIC_ID before the epochs are looked at', async () => {
    const cluster = await ReplicaCluster.start();
    const { topicStates } = cluster.controller.leaderAndIsr(brokerId(1), [0]);
    const asked = { topicStates: topicStates.map((topic) => ({ ...topic, topicId: OTHER_ID })) };
    expect((await send(cluster, asked)).partitions).toEqual([code('INCONSISTENT_TOPIC_ID')]);
  });

  it('UNKNOWN_TOPIC_OR_PARTITION where this broker has no replica, and makes no log', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.create(4, [brokerId(2), brokerId(3)]);
    expect((await send(cluster)).partitions[1]).toBe(code('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(cluster.broker(1).logs.get({ topic: 't', partition: 4 })).toBe(undefined);
    expect(cluster.broker(1).replicas.counts().partitions).toBe(1);
  });

  it('notes the epoch at the log end when it begins to lead, though nothing is written in it', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { count: 2, acks: 1 });
    await cluster.elect(1);
    expect(cluster.logOf(1).latestEpoch).toBe(1);
    expect(cluster.logOf(1).endOffsetForEpoch(leaderEpoch(0))).toEqual({ epoch: 0, endOffset: 2 });
    await cluster.broker(1).logs.checkpoint();
    const saved = cluster.broker(1).disk.readDurable('/data/t-0/leader-epoch-checkpoint')?.toString();
    expect(saved).toBe('0\n2\n0 0\n1 2\n');
  });

  it('notes the topic id where it brings nothing else', async () => {
    const cluster = await ReplicaCluster.start({ brokers: 1 });
    cluster.controller.create(1, [brokerId(1)]);
    const { topicStates } = cluster.controller.leaderAndIsr(brokerId(1), [1]);
    const without = topicStates.map((topic) => ({ ...topic, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }));
    await send(cluster, { topicStates: without });
    expect((await send(cluster, { topicStates })).partitions).toEqual([0]);
    const path = '/data/t-1/partition.metadata';
    expect(cluster.broker(1).disk.readDurable(path)?.toString()).toContain(TOPIC_ID);
    const other = topicStates.map((topic) => ({ ...topic, topicId: OTHER_ID }));
    expect((await send(cluster, { topicStates: other })).partitions).toEqual([code('INCONSISTENT_TOPIC_ID')]);
  });

  it('answers in the order asked, also where some are refused', async () => {
    const cluster = await ReplicaCluster.start();
    for (const each of [1, 2, 3]) cluster.controller.create(each, [brokerId(each === 2 ? 3 : 1)]);
    cluster.controller.change(0, {});
    const unknown = code('UNKNOWN_TOPIC_OR_PARTITION');
    expect((await send(cluster)).partitions).toEqual([0, 0, unknown, 0]);
  });
});

describe('LeaderAndIsr for a topic that its controller has had deleted', () => {
  /** Broker 1 has deleted its replica; then comes what was held up on its way. */
  const deletedOn = async (): Promise<ReplicaCluster> => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.deletedIds.add(TOPIC_ID);
    cluster.publish();
    const stop = { partitionIndex: 0, leaderEpoch: -2, deletePartition: true };
    const { topicStates: _, liveLeaders, type, ...header } = cluster.controller.leaderAndIsr(brokerId(1), []);
    await cluster.broker(1).replicas.stopReplica({
      ...header,
      deletePartitions: false,
      ungroupedPartitions: [],
      topics: [],
      topicStates: [{ topicName: 't', partitionStates: [stop] }],
    });
    cluster.controller.change(0, {});
    return cluster;
  };

  it('UNKNOWN_TOPIC_OR_PARTITION, and does not bring the replica back', async () => {
    const cluster = await deletedOn();
    expect((await send(cluster)).partitions).toEqual([code('UNKNOWN_TOPIC_OR_PARTITION')]);
    expect(cluster.broker(1).logs.get(PARTITION)).toBe(undefined);
    expect(roleOf(cluster, 1)).toBe(undefined);
  });

  it('is heeded where the next controller sends it, before its first word of metadata', async () => {
    const cluster = await deletedOn();
    cluster.controller.change(0, { leader: brokerId(2), isr: [brokerId(2)] });
    cluster.controller.epoch++;
    expect((await send(cluster)).partitions).toEqual([0]);
    expect(roleOf(cluster, 1)).toBe('follower');
  });
});

describe('a change of role that fails half-way', () => {
  it('is not remembered: the same request is taken again', async () => {
    const cluster = await ReplicaCluster.start({ dirs: ['/a', '/b'] });
    const { faults } = cluster.broker(2).disk;
    cluster.controller.create(1, [1, 2].map(brokerId));
    // The one directory fails while the log is made; the other one is there for the next attempt.
    faults.fail('makeDirectory', /t-1/, 'EIO', 1);
    expect((await send(cluster, {}, 2)).partitions[1]).toBe(code('KAFKA_STORAGE_ERROR'));
    expect(cluster.broker(2).replicas.statusOf({ topic: 't', partition: 1 })).toMatchObject({
      role: 'offline',
      leaderEpoch: -1,
    });
    expect((await send(cluster, {}, 2)).partitions[1]).toBe(0);
    expect(cluster.broker(2).replicas.statusOf({ topic: 't', partition: 1 })).toMatchObject({
      role: 'follower',
      leaderEpoch: 0,
    });
  });
});

describe('a full LeaderAndIsr', () => {
  it('takes what it does not name out of the way, and keeps the files', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.create(1, [brokerId(1)]);
    await send(cluster);
    cluster.controller.epoch++;
    await cluster.broker(1).replicas.leaderAndIsr(cluster.controller.leaderAndIsr(brokerId(1), [1], 2));
    expect(roleOf(cluster, 1)).toBe(undefined);
    expect(cluster.broker(1).replicas.statusOf({ topic: 't', partition: 1 })?.role).toBe('leader');
    const names = cluster
      .broker(1)
      .disk.listing()
      .filter((path) => path.includes('/t-0.'));
    expect(names.length).toBeGreaterThan(0);
    expect(names.every((path) => path.includes('-stray'))).toBe(true);
  });

  it('makes a topic anew that was deleted, and made again under its name, while the broker was away', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { acks: 1 });
    cluster.controller.epoch++;
    const { topicStates, ...rest } = cluster.controller.leaderAndIsr(brokerId(1), [0], 2);
    const renewed = topicStates.map((topic) => ({ ...topic, topicId: OTHER_ID }));
    const response = await cluster.broker(1).replicas.leaderAndIsr({ ...rest, topicStates: renewed });
    expect(response.topics[0]?.partitionErrors[0]?.errorCode).toBe(0);
    expect(cluster.logOf(1).endOffset).toBe(0);
    expect(cluster.broker(1).replicas.topicNameOf(OTHER_ID)).toBe('t');
    expect(cluster.broker(1).replicas.topicNameOf(TOPIC_ID)).toBe(undefined);
  });

  it('takes nothing out of the way where it is not the first word: it may have been held up since', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.broker(1).replicas.leaderAndIsr(cluster.controller.leaderAndIsr(brokerId(1), [], 2));
    expect(roleOf(cluster, 1)).toBe('leader');
  });

  it('an incremental one leaves alone what it does not name', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.broker(1).replicas.leaderAndIsr(cluster.controller.leaderAndIsr(brokerId(1), [], 1));
    expect(roleOf(cluster, 1)).toBe('leader');
  });
});

describe('after a start', () => {
  it('a replica has no role until the controller gives it one, and can be asked how far its log goes', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { count: 2, acks: 1 });
    await cluster.broker(1).close();
    await cluster.restart(1);
    expect(roleOf(cluster, 1)).toBe('none');
    const query = {
      ...PARTITION,
      topicId: TOPIC_ID,
      timestamp: -1,
      currentLeaderEpoch: undefined,
      isolation: 'read_uncommitted',
    } as const;
    const { replicas } = cluster.broker(1);
    expect(await replicas.offsetFor({ ...query, asker: 'debugger' })).toMatchObject({ offset: 2, leaderEpoch: 0 });
    expect(await replicas.offsetFor({ ...query, asker: 'follower' })).toMatchObject({
      error: 'NOT_LEADER_OR_FOLLOWER',
    });
    expect(await replicas.offsetFor({ ...query, topicId: OTHER_ID, asker: 'debugger' })).toMatchObject({
      error: 'INCONSISTENT_TOPIC_ID',
    });
    expect((await send(cluster)).partitions).toEqual([0]);
    expect(roleOf(cluster, 1)).toBe('leader');
  });

  it('a thousand partitions come up without a flush being waited for', async () => {
    const cluster = await ReplicaCluster.start({ brokers: 2 });
    for (let each = 1; each < 300; each++) cluster.controller.create(each, [1, 2].map(brokerId));
    await cluster.tell([1, 2]);
    await cluster.settled();
    for (let each = 0; each < 300; each++) cluster.controller.change(each, { leader: brokerId(2), isr: [brokerId(2)] });
    const release = cluster.broker(2).disk.faults.stall('sync', /./);
    expect((await send(cluster, {}, 2)).partitions.every((each) => each === 0)).toBe(true);
    expect(cluster.broker(2).replicas.counts()).toEqual({
      partitions: 300,
      leaders: 300,
      underReplicated: 300,
      underMinIsr: 0,
      offline: 0,
    });
    release();
    await cluster.settled();
  });
});
