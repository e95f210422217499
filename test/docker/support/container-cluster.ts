import { randomUUID } from 'node:crypto';
import { type Client, createClient } from '@barnabas/client';
import { GenericContainer, Network, type StartedNetwork } from 'testcontainers';
import { Witness } from '../../support/cluster/witness.ts';
import { until } from '../../support/until.ts';
import { guardInDocker } from '../../support/zookeeper/docker-guard.ts';
import { CLIENT_PORT } from '../../support/zookeeper/docker-member.ts';
import type { DockerResources } from '../../support/zookeeper/docker-resources.ts';
import { freePorts } from '../../support/zookeeper/free-ports.ts';
import { BrokerContainer } from './broker-container.ts';
import { imageOf } from './images.ts';

export const SESSION_TIMEOUT_MS = 4000;
export const PARTITIONS = 3;

const TICK_TIME_MS = 500;
const CHROOT = '/clusters/docker';
const BROKER_IDS = [1, 2, 3] as const;
const HEAL_MAX_MS = 60_000;

const ENVIRONMENT = {
  BARNABAS_ZOOKEEPER_CONNECT: `zookeeper:${CLIENT_PORT}${CHROOT}`,
  BARNABAS_ZOOKEEPER_SESSION_TIMEOUT_MS: `${SESSION_TIMEOUT_MS}`,
};

/** ZooKeeper and three brokers as containers on a network of their own. Ends with `stop`, and with the test's process at the latest. */
export class ContainerCluster {
  readonly brokers: readonly BrokerContainer[];
  readonly client: Client;
  /** What ZooKeeper has of it. */
  readonly witness: Witness;
  readonly #free: () => Promise<void>;

  private constructor(brokers: readonly BrokerContainer[], witness: Witness, free: () => Promise<void>) {
    this.brokers = brokers;
    this.client = createClient({ servers: brokers.map(({ restUrl }) => restUrl) });
    this.witness = witness;
    this.#free = free;
  }

  /** Resolves when all of it is ready. */
  static async start(): Promise<ContainerCluster> {
    // The engine takes the route to the outside from the first of a container's networks by name; `bridge` is its own.
    const name = `cluster-${randomUUID()}`;
    const containers = ['zookeeper', ...BROKER_IDS.map((id) => `broker-${id}`)].map((part) => `${name}-${part}`);
    const resources: DockerResources = { network: name, containers };
    const free = guardInDocker(resources);
    try {
      const network = await new Network({ nextUuid: () => name }).start();
      const connectString = await startZooKeeper(network);
      const brokers = await startBrokers(network);
      return new ContainerCluster(brokers, await Witness.open(`${connectString}${CHROOT}`), free);
    } catch (error) {
      await free();
      throw error;
    }
  }

  get restUrls(): string[] {
    return this.brokers.map(({ restUrl }) => restUrl);
  }

  broker(id: number | null | undefined): BrokerContainer {
    const broker = this.brokers.find((other) => other.id === id);
    if (broker === undefined) throw new Error(`there is no broker ${id}`);
    return broker;
  }

  /** Three replicas of each partition, two of which acknowledge a record at least. */
  async createTopic(topic: string): Promise<void> {
    const configs = { 'min.insync.replicas': '2' };
    await this.client.topics.create(topic, { partitions: PARTITIONS, replicationFactor: BROKER_IDS.length, configs });
    await this.whenInSync(topic);
  }

  /** Resolves when all replicas of the topic are in sync. */
  async whenInSync(topic: string): Promise<void> {
    await until(`${topic} is in sync`, HEAL_MAX_MS, async () => {
      const states = await this.witness.partitions(topic, PARTITIONS);
      return states.every(({ isr }) => isr.length === BROKER_IDS.length) ? true : undefined;
    });
  }

  /** Undoes what was done to brokers. Resolves when all of them are registered. */
  async heal(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.heal()));
    await until('all brokers are registered', HEAL_MAX_MS, async () => {
      const epochs = await Promise.all(this.brokers.map(({ id }) => this.witness.brokerEpoch(id)));
      return epochs.includes(undefined) ? undefined : true;
    });
  }

  /** The ends of all logs, for a test that failed. */
  async logTails(): Promise<string> {
    const tails = this.brokers.map(async (broker) => `--- broker ${broker.id}\n${await broker.logTail()}`);
    return (await Promise.all(tails)).join('\n');
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.witness.close();
    await this.#free();
  }
}

/** The address by which it is reached from this machine. */
const startZooKeeper = async (network: StartedNetwork): Promise<string> => {
  const [hostPort = 0] = await freePorts(1);
  const container = await new GenericContainer(imageOf('ZOOKEEPER_IMAGE'))
    .withName(`${network.getName()}-zookeeper`)
    .withNetwork(network)
    .withNetworkAliases('zookeeper')
    .withExposedPorts({ container: CLIENT_PORT, host: hostPort })
    .withEnvironment({ ZOO_TICK_TIME: `${TICK_TIME_MS}` })
    .start();
  return `${container.getHost()}:${hostPort}`;
};

const startBrokers = async (network: StartedNetwork): Promise<BrokerContainer[]> => {
  const hostPorts = await freePorts(BROKER_IDS.length);
  const starting = BROKER_IDS.map((id, index) =>
    BrokerContainer.start({
      id,
      containerName: `${network.getName()}-broker-${id}`,
      network,
      hostPort: hostPorts[index] ?? 0,
      environment: ENVIRONMENT,
    }),
  );
  // Where one fails the others go on, and what is still being made cannot be removed.
  await Promise.allSettled(starting);
  return Promise.all(starting);
};
