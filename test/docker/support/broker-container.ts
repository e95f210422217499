import { GenericContainer, getContainerRuntimeClient, type StartedNetwork, Wait } from 'testcontainers';
import { DockerMember } from '../../support/zookeeper/docker-member.ts';
import { imageOf } from './images.ts';

const REST_PORT = 8080;
const READY_MAX_MS = 60_000;

export type BrokerContainerOptions = {
  readonly id: number;
  readonly containerName: string;
  /** Where it finds the other brokers and ZooKeeper, and they find it. */
  readonly network: StartedNetwork;
  /** Where clients find it, on this machine: the same one after every start. */
  readonly hostPort: number;
  /** Kafka's names of them are written as variables: BARNABAS_NUM_PARTITIONS. */
  readonly environment: Readonly<Record<string, string>>;
};

/**
 * A broker in a container that has two networks: that of its cluster, and Docker's own, by which its REST port is reached
 * from outside. So it can lose the others and ZooKeeper, and keep its clients.
 */
export class BrokerContainer {
  readonly id: number;
  readonly restUrl: string;
  readonly #member: DockerMember;
  readonly #containerName: string;
  readonly #network: string;
  #cure: (() => Promise<unknown>) | undefined;

  private constructor(member: DockerMember, { id, containerName, network }: BrokerContainerOptions) {
    this.id = id;
    this.restUrl = `http://${member.host}:${member.port}`;
    this.#member = member;
    this.#containerName = containerName;
    this.#network = network.getName();
  }

  /** Resolves when it is ready. */
  static async start(options: BrokerContainerOptions): Promise<BrokerContainer> {
    const { id, containerName, network, hostPort, environment } = options;
    const container = await new GenericContainer(imageOf('BROKER_IMAGE'))
      .withName(containerName)
      .withNetwork(network)
      .withNetworkAliases(aliasOf(id))
      .withExposedPorts({ container: REST_PORT, host: hostPort })
      .withEnvironment({
        ...environment,
        BARNABAS_BROKER_ID: `${id}`,
        BARNABAS_ADVERTISED_LISTENERS: `REST://127.0.0.1:${hostPort},PEERS://${aliasOf(id)}:9191`,
      })
      .withWaitStrategy(Wait.forHttp('/ready', REST_PORT).forStatusCode(200))
      .withStartupTimeout(READY_MAX_MS)
      .start();
    return new BrokerContainer(await DockerMember.of(id, container, REST_PORT), options);
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#member.kill();
    this.#cure = () => this.#member.start();
  }

  /** It keeps its connections, and does nothing. */
  async pause(): Promise<void> {
    await this.#member.pause();
    this.#cure = () => this.#member.resume();
  }

  /** Takes it off the network of its cluster: nothing gets through any more, and nobody is told. */
  async cutOff(): Promise<void> {
    const network = await this.#networkInEngine();
    await network.disconnect({ Container: this.#containerName });
    this.#cure = () =>
      network.connect({ Container: this.#containerName, EndpointConfig: { Aliases: [aliasOf(this.id)] } });
  }

  /** Undoes what was done to it, if anything was. Resolves before it is ready. */
  async heal(): Promise<void> {
    const cure = this.#cure;
    this.#cure = undefined;
    await cure?.();
  }

  logTail(): Promise<string> {
    return this.#member.logTail();
  }

  async #networkInEngine() {
    const { container } = await getContainerRuntimeClient();
    return container.dockerode.getNetwork(this.#network);
  }
}

const aliasOf = (id: number): string => `broker-${id}`;
