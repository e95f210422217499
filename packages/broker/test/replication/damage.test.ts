import { ERRORS } from '@barnabas/model';
import { CorruptLogError } from '@barnabas/storage';
import { describe, expect, it } from 'vitest';
import { PARTITION } from '../support/replication/fake-controller.ts';
import { consumerFetch, ReplicaCluster } from '../support/replication/replica-cluster.ts';

const STORAGE_ERROR = ERRORS.KAFKA_STORAGE_ERROR.code;
const LOG_FILE = '/data/t-0/00000000000000000000.log';

const roleOf = (cluster: ReplicaCluster, id: number): string | undefined =>
  cluster.broker(id).replicas.statusOf(PARTITION)?.role;

/** Three records on all three, and then a bit of the log of one of them flips while it is down. */
const withDamageOn = async (id: number): Promise<ReplicaCluster> => {
  const cluster = await ReplicaCluster.start();
  for (let count = 0; count < 3; count++) await cluster.produce(1, { acks: 1 });
  await cluster.replicate(3);
  await cluster.broker(id).logs.checkpoint();
  cluster.broker(id).stop('kill');
  cluster.broker(id).disk.corrupt(LOG_FILE, 65, 3);
  await cluster.restart(id);
  return cluster;
};

describe('a damaged log', () => {
  it('is neither set aside nor served as long as the replica is counted on', async () => {
    const cluster = await withDamageOn(2);
    expect(roleOf(cluster, 2)).toBe('offline');
    expect((await cluster.tell([2])).get(2)).toBe(STORAGE_ERROR);
    expect(roleOf(cluster, 2)).toBe('offline');
    expect(cluster.broker(2).disk.listing()).toContain(LOG_FILE);
  });

  it('is set aside and fetched again once the controller has taken the replica out of the ISR', async () => {
    const cluster = await withDamageOn(2);
    await cluster.tell([2]);
    expect(cluster.broker(2).counts.dirEvents).toBe(0);
    cluster.controller.change(0, { isr: [1, 3].map((id) => cluster.broker(id).id) });
    cluster.publish();
    // It asks the controller to be told again, once.
    expect(cluster.broker(2).counts.dirEvents).toBe(1);
    cluster.publish();
    expect(cluster.broker(2).counts.dirEvents).toBe(1);
    expect((await cluster.tell([1, 2, 3])).get(2)).toBe(0);
    await cluster.replicate(4);
    expect(cluster.logOf(2).endOffset).toBe(3);
    expect(cluster.controller.stateOf(0).isr).toEqual([1, 3, 2]);
    expect(
      cluster
        .broker(2)
        .disk.listing()
        .some((path) => path.includes('-stray/')),
    ).toBe(true);
  });

  it('is KAFKA_STORAGE_ERROR where nobody else can serve it', async () => {
    const cluster = await withDamageOn(2);
    cluster.controller.change(0, { leader: cluster.broker(2).id, isr: [cluster.broker(2).id] });
    expect((await cluster.tell([2])).get(2)).toBe(STORAGE_ERROR);
    expect(cluster.broker(2).disk.listing()).toContain(LOG_FILE);
    const [answer] = await cluster.broker(2).replicas.fetch(consumerFetch(0));
    expect(answer?.error).toBe('KAFKA_STORAGE_ERROR');
    expect(await cluster.produce(2)).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', appended: false });
  });

  it('takes its replica out of service when it is found in use', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(3);
    // A length that cannot be: the batch is not to be found.
    cluster.broker(1).disk.corrupt(LOG_FILE, 8, 7);
    const [answer] = await cluster.broker(1).replicas.fetch(consumerFetch(0));
    expect(answer?.error).toBe('KAFKA_STORAGE_ERROR');
    expect(roleOf(cluster, 1)).toBe('offline');
    expect(cluster.broker(1).counts.dirEvents).toBe(1);
    expect((await cluster.tell([1])).get(1)).toBe(STORAGE_ERROR);
    await cluster.elect(2, [2, 3]);
    await cluster.replicate(4);
    expect(cluster.logOf(1).endOffset).toBe(1);
    expect(roleOf(cluster, 1)).toBe('follower');
  });

  it('does no harm to the log that has taken its place, though a read finds it out late', async () => {
    const cluster = await ReplicaCluster.start();
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(3);
    const release = cluster.broker(1).disk.faults.stall('read', /\.log$/);
    const late = cluster.broker(1).replicas.fetch(consumerFetch(0));
    await cluster.settled();
    cluster.logOf(1).refuse(new CorruptLogError(LOG_FILE, 0, 'found meanwhile'));
    const [answer] = await cluster.broker(1).replicas.fetch(consumerFetch(0));
    expect(answer?.error).toBe('KAFKA_STORAGE_ERROR');
    await cluster.elect(2, [2, 3]);
    expect(roleOf(cluster, 1)).toBe('follower');
    release();
    expect((await late)[0]?.error).toBe('KAFKA_STORAGE_ERROR');
    expect(roleOf(cluster, 1)).toBe('follower');
    await cluster.replicate(4);
    expect(cluster.logOf(1).endOffset).toBe(1);
  });
});

describe('a log that is missing', () => {
  /** Three records on all three, the next epoch, and then the log of one of them is gone. */
  const withoutLogOn = async (id: number): Promise<ReplicaCluster> => {
    const cluster = await ReplicaCluster.start();
    for (let count = 0; count < 3; count++) await cluster.produce(1, { acks: 1 });
    await cluster.replicate(3);
    await cluster.elect(1);
    await cluster.broker(id).close();
    await cluster.broker(id).disk.newProcess().removeDirectory('/data/t-0');
    await cluster.restart(id);
    return cluster;
  };

  it('is not begun anew as long as the replica is counted on and others are in sync', async () => {
    const cluster = await withoutLogOn(2);
    expect((await cluster.tell([2])).get(2)).toBe(STORAGE_ERROR);
    expect(roleOf(cluster, 2)).toBe('offline');
    cluster.controller.change(0, { leader: cluster.broker(2).id });
    expect((await cluster.tell([2])).get(2)).toBe(STORAGE_ERROR);
    expect(cluster.broker(2).logs.get(PARTITION)).toBe(undefined);
  });

  it('is fetched again once the controller has taken the replica out of the ISR', async () => {
    const cluster = await withoutLogOn(2);
    await cluster.tell([2]);
    cluster.controller.change(0, { isr: [1, 3].map((id) => cluster.broker(id).id) });
    cluster.publish();
    expect(cluster.broker(2).counts.dirEvents).toBe(1);
    expect((await cluster.tell([1, 2, 3])).get(2)).toBe(0);
    await cluster.replicate(4);
    expect(cluster.logOf(2).endOffset).toBe(3);
    expect(cluster.controller.stateOf(0).isr).toEqual([1, 3, 2]);
  });

  it('is begun anew, and that is said, where nobody else was in sync', async () => {
    const cluster = await withoutLogOn(2);
    cluster.controller.change(0, { leader: cluster.broker(2).id, isr: [cluster.broker(2).id] });
    expect((await cluster.tell([2])).get(2)).toBe(0);
    expect(cluster.logOf(2).endOffset).toBe(0);
    expect(cluster.broker(2).log.lines).toContain('error: there was no log of what is in sync here alone: it is empty');
  });

  it('is begun in the first epoch: of a new partition the controller may have had no time to tell', async () => {
    const cluster = await ReplicaCluster.start();
    const created = cluster.controller.create(
      1,
      [1, 2].map((id) => cluster.broker(id).id),
    );
    cluster.controller.partitions.set(1, { ...created, isNew: false });
    await cluster.tell([1, 2]);
    expect(cluster.broker(2).replicas.statusOf({ topic: 't', partition: 1 })?.role).toBe('follower');
  });
});

describe('a log directory that fails', () => {
  it('takes what lies in it offline, and nothing else', async () => {
    const cluster = await ReplicaCluster.start({ dirs: ['/a', '/b'] });
    cluster.controller.create(1, [cluster.broker(1).id]);
    await cluster.tell([1]);
    const [dir] = cluster.logOf(1).dir.split('/t-0');
    cluster.broker(1).disk.faults.fail('write', new RegExp(`^${dir}/`));
    const produced = await cluster.produce(1);
    expect(produced).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', appended: true });
    expect(roleOf(cluster, 1)).toBe('offline');
    expect(cluster.broker(1).replicas.statusOf({ topic: 't', partition: 1 })?.role).toBe('leader');
    expect(cluster.broker(1).replicas.counts()).toMatchObject({ leaders: 1, offline: 1 });
    expect(cluster.broker(1).counts.dirEvents).toBe(1);
  });

  it('is not led with where it fails while the log of a new partition is being made', async () => {
    const cluster = await ReplicaCluster.start();
    cluster.controller.create(1, [cluster.broker(1).id]);
    const release = cluster.broker(1).disk.faults.stall('syncDirectory', /^\/data$/);
    const told = cluster.tell([1]);
    await cluster.settled();
    cluster.broker(1).disk.faults.fail('write', /\/t-0\//);
    expect(await cluster.produce(1)).toMatchObject({ error: 'KAFKA_STORAGE_ERROR' });
    release();
    await told;
    expect(cluster.broker(1).replicas.statusOf({ topic: 't', partition: 1 })?.role).toBe('offline');
  });

  it('answers LeaderAndIsr with KAFKA_STORAGE_ERROR, whatever the epoch', async () => {
    const cluster = await ReplicaCluster.start({ dirs: ['/a', '/b'] });
    const [dir] = cluster.logOf(2).dir.split('/t-0');
    cluster.broker(2).disk.faults.fail('sync', new RegExp(`^${dir}/`));
    await cluster.produce(1, { acks: 1 });
    await expect(cluster.replicate(1, [2])).rejects.toThrow('offline');
    expect(cluster.broker(2).fetchers.following.size).toBe(0);
    cluster.controller.change(0, {});
    expect((await cluster.tell([2])).get(2)).toBe(STORAGE_ERROR);
  });

  it('does not begin an empty log in another one for a partition that may lie in it', async () => {
    const cluster = await ReplicaCluster.start({ dirs: ['/a', '/b'] });
    await cluster.produce(1, { acks: 1 });
    const [dir] = cluster.logOf(1).dir.split('/t-0');
    cluster.broker(1).stop('kill');
    cluster.broker(1).disk.faults.fail('list', new RegExp(`^${dir}$`));
    await cluster.restart(1);
    expect(cluster.broker(1).logs.failures.length).toBe(1);
    cluster.controller.change(0, {});
    expect((await cluster.tell([1])).get(1)).toBe(STORAGE_ERROR);
    expect(cluster.broker(1).logs.get(PARTITION)).toBe(undefined);
  });

  it('commits with what is left: the others go on', async () => {
    const cluster = await ReplicaCluster.start({ dirs: ['/a', '/b'] });
    const [dir] = cluster.logOf(1).dir.split('/t-0');
    await cluster.produce(1, { acks: 1 });
    await cluster.replicate(3);
    cluster.broker(1).disk.faults.fail('sync', new RegExp(`^${dir}/`));
    await cluster.produce(1, { acks: 1 });
    await cluster.elect(2, [2, 3]);
    const produced = cluster.produce(2);
    await cluster.settled();
    await cluster.replicate(3);
    expect((await produced).kind).toBe('appended');
    expect(await cluster.consume(2)).toEqual(['v0', 'v0']);
  });
});
