import { describe, expect, it } from 'vitest';
import { SimulatedCluster } from '../support/node/simulated-cluster.ts';

const IDS = '/brokers/ids/1';
const MARKER = '/data/logs/.kafka_cleanshutdown';

const exists = async (disk: ReturnType<SimulatedCluster['machine']>['disk'], path: string): Promise<boolean> =>
  disk
    .newProcess()
    .stat(path)
    .then(
      () => true,
      () => false,
    );

describe('Broker', () => {
  it('is registered, is told of itself and is the controller when it has started', async () => {
    const cluster = new SimulatedCluster();
    const { broker } = await cluster.start(cluster.machine(1));
    expect(broker.health()).toEqual({ live: true, ready: true, reasons: [] });
    expect(broker.isController).toBe(true);
    expect(broker.brokerEpoch).toBe(cluster.node(IDS)?.czxid);
    expect(broker.listeners).toEqual(new Map([['PEERS', { host: 'broker-1', port: 9191 }]]));
    expect(cluster.registration(1)?.endpoints).toEqual([
      { listener: 'PEERS', securityProtocol: 'PLAINTEXT', host: 'broker-1', port: 9191 },
    ]);
  });

  it('leaves nothing behind but its data and the marker of a clean stop', async () => {
    const cluster = new SimulatedCluster();
    const machine = cluster.machine(1);
    const { broker, peers } = await cluster.start(machine);
    await cluster.run(broker.close());
    expect(cluster.node(IDS)).toBeUndefined();
    expect(cluster.node('/controller')).toBeUndefined();
    expect(peers.handlers).toBeUndefined();
    expect(await exists(machine.disk, MARKER)).toBe(true);
    expect(broker.health().ready).toBe(false);
    await cluster.scheduler.advanceBy(60_000);
    // The tick of ZooKeeper.
    expect(cluster.scheduler.pendingTimers).toBe(1);
  });

  it('closes what it has begun when a step of its start fails', async () => {
    const cluster = new SimulatedCluster();
    const machine = cluster.machine(1);
    await cluster.run((await cluster.start(machine)).broker.close());
    const other = cluster.begin(machine, ['broker.id=2']);
    await expect(cluster.run(other)).rejects.toMatchObject({ error: 'INVALID_CONFIG' });
    // It did not take the marker of the broker whose directory it is, nor leave a doubt there.
    expect(await exists(machine.disk, MARKER)).toBe(true);
    expect(await exists(machine.disk, '/data/logs/.unclean')).toBe(false);
    expect(cluster.node('/brokers/ids/2')).toBeUndefined();
    const { broker } = await cluster.start(machine);
    expect(broker.health().ready).toBe(true);
  });

  it('answers nothing before it is registered: a request may be meant for its earlier life', async () => {
    const cluster = new SimulatedCluster();
    const machine = cluster.machine(1);
    cluster.crash(machine, await cluster.start(machine));
    const starting = cluster.begin(machine);
    const asker = cluster.network.newHost('asker', cluster.zookeeper.newHost().process).connect('broker-1', 'test');
    await cluster.scheduler.advanceBy(1000);
    let isAnswered = false;
    const request = { includeClusterAuthorizedOperations: false };
    const asked = asker.send('DescribeCluster', 0, request, { deadlineMs: 60_000 }).then(() => {
      isAnswered = true;
    });
    await cluster.scheduler.advanceBy(1000);
    expect(cluster.registration(1)?.timestampMs).toBeLessThan(cluster.clock.nowMs() - 1000);
    expect(isAnswered).toBe(false);
    await cluster.run(starting);
    await cluster.run(asked);
  });

  it('goes on without a session, and registers again under the next', async () => {
    const cluster = new SimulatedCluster();
    const { broker } = await cluster.start(cluster.machine(1));
    const before = broker.brokerEpoch ?? 0;
    cluster.zookeeper.expire(cluster.node(IDS)?.ephemeralOwner ?? 0n);
    while (broker.isController) await cluster.scheduler.advanceBy(5);
    expect(broker.health().ready).toBe(true);
    await cluster.scheduler.advanceBy(5000);
    expect(broker.brokerEpoch).toBeGreaterThan(before);
    expect(broker.isController).toBe(true);
  });

  it('has failed when the last of its log directories has', async () => {
    const cluster = new SimulatedCluster();
    const machine = cluster.machine(1);
    const { broker } = await cluster.start(machine);
    let failure: Error | undefined;
    void broker.failed.then((error) => {
      failure = error;
    });
    machine.disk.faults.fail('syncDirectory', /orders/);
    await cluster.createTopic(broker, 'orders', 1);
    await cluster.scheduler.advanceBy(1000);
    expect(failure?.message).toContain('/data/logs has failed and is offline');
    expect(broker.health()).toEqual({ live: false, ready: false, reasons: ['it is failed'] });
    await cluster.run(broker.close());
  });
});

/** Longer than a session lasts that nobody holds any more. */
const EXPIRY_MS = 20_000;
const OS = ['log.flush=os'];

/** Rule 5, and the sixth for `log.flush=group`. */
describe('the unclean mark', () => {
  it('is there after a crash where the page cache was trusted, until the controller has dealt with it', async () => {
    const cluster = new SimulatedCluster();
    const machine = cluster.machine(1);
    cluster.crash(machine, await cluster.start(machine, OS));
    await cluster.scheduler.advanceBy(EXPIRY_MS);
    const starting = cluster.begin(machine, OS);
    expect((await cluster.firstRegistration(1)).unclean).toBe(true);
    await cluster.run(starting);
    await cluster.scheduler.advanceBy(100);
    expect(cluster.registration(1)?.unclean).toBe(false);
  });

  it('is not there after a clean stop, nor after a crash where all that was acknowledged was flushed', async () => {
    const cluster = new SimulatedCluster();
    const machine = cluster.machine(1);
    await cluster.run((await cluster.start(machine, OS)).broker.close());
    const second = cluster.begin(machine);
    expect((await cluster.firstRegistration(1)).unclean).toBe(false);
    cluster.crash(machine, await cluster.run(second));
    await cluster.scheduler.advanceBy(EXPIRY_MS);
    void cluster.begin(machine);
    expect((await cluster.firstRegistration(1)).unclean).toBe(false);
  });

  it('outlives a start that was given up before the controller had heard of it, though that one stopped cleanly', async () => {
    const cluster = new SimulatedCluster();
    const machine = cluster.machine(1);
    cluster.crash(machine, await cluster.start(machine, OS));
    const calledOff = new AbortController();
    // It waits for the session of the life before to expire.
    const starting = cluster.begin(machine, OS, calledOff.signal);
    await cluster.scheduler.advanceBy(2000);
    calledOff.abort();
    await expect(cluster.run(starting)).rejects.toThrow();
    expect(await exists(machine.disk, MARKER)).toBe(true);
    await cluster.scheduler.advanceBy(EXPIRY_MS);
    void cluster.begin(machine, OS);
    expect((await cluster.firstRegistration(1)).unclean).toBe(true);
  });

  it('is there where the directory may have been emptied', async () => {
    const cluster = new SimulatedCluster();
    await cluster.run((await cluster.start(cluster.machine(1))).broker.close());
    void cluster.begin(cluster.machine(1));
    expect((await cluster.firstRegistration(1)).unclean).toBe(true);
  });

  it('is not there for a broker whose id is new: it has lost nothing', async () => {
    const cluster = new SimulatedCluster();
    void cluster.begin(cluster.machine(1), ['broker.id=-1']);
    expect((await cluster.firstRegistration(1001)).unclean).toBe(false);
  });
});
