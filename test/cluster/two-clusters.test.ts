import type { BrokerEpoch } from '@barnabas/model';
import type { PartitionState } from '@barnabas/zookeeper';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditPartition } from '../chaos/audit/audit.ts';
import { readAll } from '../chaos/audit/read-partition.ts';
import { Ledger } from '../chaos/load/ledger.ts';
import { Load } from '../chaos/load/load.ts';
import { ClusterProcesses } from '../support/cluster/cluster-processes.ts';
import { Witness } from '../support/cluster/witness.ts';
import { until } from '../support/until.ts';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import type { Ensemble } from '../support/zookeeper/ensemble.ts';
import { openSession } from '../support/zookeeper/open-session.ts';
import { realZooKeeper } from '../support/zookeeper/real-zookeeper.ts';

const TOPIC = 'orders';
const START_MAX_MS = 120_000;
const STEP_MAX_MS = 90_000;
const ELECT_MAX_MS = 30_000;

/** A cluster under a chroot of its own, with a topic of the same name as the other one's. */
type Tenant = {
  readonly name: string;
  readonly partitions: number;
  readonly cluster: ClusterProcesses;
  readonly witness: Witness;
  readonly ledger: Ledger;
};

/** All that changes when a cluster notices something. */
type Constitution = {
  readonly controller: number | undefined;
  readonly controllerEpoch: number;
  readonly brokerEpochs: readonly (BrokerEpoch | undefined)[];
  readonly partitions: readonly PartitionState[];
};

/** Steps of one story. */
await describeWithZooKeeper('Two clusters under two chroots of one ensemble', 'servers', () => {
  let ensemble: Ensemble;
  const tenants: Tenant[] = [];

  const startTenant = async (name: string, partitions: number): Promise<Tenant> => {
    const zookeeperConnect = `${ensemble.connectString}/clusters/${name}`;
    const properties = { 'zookeeper.session.timeout.ms': '6000' };
    const cluster = await ClusterProcesses.start({ zookeeperConnect, properties });
    const tenant = {
      name,
      partitions,
      cluster,
      witness: await Witness.open(zookeeperConnect),
      ledger: new Ledger(TOPIC),
    };
    tenants.push(tenant);
    await cluster.createTopic(TOPIC, { partitions, replicationFactor: 3 });
    await cluster.whenInSync(TOPIC);
    return tenant;
  };
  const tenant = (name: string): Tenant => {
    const found = tenants.find((other) => other.name === name);
    if (found === undefined) throw new Error(`cluster ${name} has not been started`);
    return found;
  };
  const loadOn = ({ cluster: { restUrls }, ledger, partitions, name }: Tenant): Load =>
    new Load({ restUrls, ledger, partitions, name });
  const constitutionOf = async ({ witness, partitions }: Tenant): Promise<Constitution> => ({
    controller: await witness.controllerId(),
    controllerEpoch: await witness.controllerEpoch(),
    brokerEpochs: await Promise.all([1, 2, 3].map((id) => witness.brokerEpoch(id))),
    partitions: await witness.partitions(TOPIC, partitions),
  });

  beforeAll(async () => {
    ensemble = await realZooKeeper({ servers: 3 });
    await startTenant('a', 2);
    await startTenant('b', 3);
  }, START_MAX_MS);
  afterAll(async () => {
    await Promise.all(tenants.map(({ witness }) => witness.close()));
    await Promise.all(tenants.map(({ cluster }) => cluster.close()));
    await ensemble?.stop();
  }, STEP_MAX_MS);

  it('keeps each below its own chroot, and nothing beside them', async () => {
    const root = await openSession(ensemble.connectString);
    try {
      expect((await root.children('/')).children.toSorted()).toEqual(['clusters', 'zookeeper']);
      expect((await root.children('/clusters')).children.toSorted()).toEqual(['a', 'b']);
      for (const { name } of tenants) {
        expect((await root.children(`/clusters/${name}/brokers/ids`)).children.toSorted()).toEqual(['1', '2', '3']);
      }
    } finally {
      await root.close();
    }
  });

  it('gives topics of the same name, on brokers of the same ids, ids and partitions of their own', async () => {
    const [a, b] = await Promise.all([tenant('a'), tenant('b')].map(({ cluster }) => cluster.describeTopic(TOPIC)));
    expect([a?.partitions.length, b?.partitions.length]).toEqual([2, 3]);
    expect(a?.topicId).not.toBe(b?.topicId);
  });

  it(
    'does not have the one notice that the controller of the other is killed',
    async () => {
      const [a, b] = [tenant('a'), tenant('b')];
      const loads = [loadOn(a), loadOn(b)];
      await Promise.all(loads.map((load) => load.flows()));
      const [ofA, ofB] = [await constitutionOf(a), await constitutionOf(b)];
      const killed = await a.cluster.controller();
      await killed.kill();
      await until('the other cluster elects another controller', ELECT_MAX_MS, async () => {
        const id = await a.witness.controllerId();
        return id !== undefined && id !== killed.id ? true : undefined;
      });
      await Promise.all(loads.map((load) => load.flows()));
      expect(await a.witness.controllerEpoch()).toBeGreaterThan(ofA.controllerEpoch);
      expect(await constitutionOf(b)).toEqual(ofB);
      killed.start();
      await killed.whenReady();
      await a.cluster.whenInSync(TOPIC);
      await Promise.all(loads.map((load) => load.stop()));
      expect(await constitutionOf(b)).toEqual(ofB);
    },
    STEP_MAX_MS,
  );

  it.each(['a', 'b'])('gives back what was written to cluster %s, and nothing else', async (name) => {
    const { cluster, ledger, partitions } = tenant(name);
    const ends = Array.from({ length: partitions }, (_, partition) => ledger.endOf(partition));
    expect(Math.min(...ends)).toBeGreaterThan(0);
    for (const broker of cluster.brokers) {
      const records = await readAll(broker, TOPIC, ends);
      expect(records.flatMap((found, partition) => auditPartition(ledger, partition, found))).toEqual([]);
    }
  });
});
