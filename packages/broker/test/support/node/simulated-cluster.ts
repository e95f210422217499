import { brokerId, type Random } from '@barnabas/model';
import {
  SimulatedClock,
  SimulatedDisk,
  type SimulatedHost,
  SimulatedNetwork,
  type SimulatedPeerHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import { type BrokerRegistration, decodeBrokerRegistration, type NodeRecord } from '@barnabas/zookeeper';
import { Broker, NO_LOG, NO_METRICS, readBrokerConfig } from '../../../src/index.ts';

/** A broker of the cluster with its disk, which outlives it. */
export type Machine = { readonly id: number; readonly disk: SimulatedDisk };
export type Life = { readonly broker: Broker; readonly peers: SimulatedPeerHost; readonly session: SimulatedHost };

const PORT = 9191;

/** Brokers on simulated disks, a simulated network and a simulated ZooKeeper: all of it in simulated time. */
export class SimulatedCluster {
  readonly clock = new SimulatedClock();
  readonly disks: SimulatedDisk[] = [];
  readonly scheduler = new SimulatedScheduler(this.clock, () => this.#settled());
  readonly random: Random;
  readonly zookeeper: SimulatedZooKeeper;
  readonly network: SimulatedNetwork;

  constructor(seed = 11) {
    this.random = seededRandom(seed);
    this.zookeeper = new SimulatedZooKeeper(this);
    this.network = new SimulatedNetwork(this);
  }

  machine(id: number): Machine {
    const disk = new SimulatedDisk(this.random, this.clock);
    disk.plantDirectory('/data');
    this.disks.push(disk);
    return { id, disk };
  }

  /** Starts a broker; `overrides` are `name=value`. */
  begin({ id, disk }: Machine, overrides: readonly string[] = [], signal?: AbortSignal): Promise<Life> {
    const session = this.zookeeper.newHost();
    const { process } = session;
    const name = `broker-${id}`;
    const peers = this.network.newHost(name, process);
    const { config } = readBrokerConfig(
      {
        overrides: [
          `broker.id=${id}`,
          'zookeeper.connect=zk:2181/a',
          'zookeeper.session.timeout.ms=6000',
          `listeners=PEERS://${name}:${PORT}`,
          'log.dirs=/data/logs',
          ...overrides,
        ],
      },
      name,
    );
    const starting = Broker.start(
      config,
      {
        clock: this.clock,
        scheduler: process,
        random: this.random,
        fs: disk.newProcess(),
        logger: NO_LOG,
        metrics: NO_METRICS,
        zookeeper: session.links,
        connectPeer: ({ host }, clientId) => peers.connect(host, clientId),
        servePeers: async (_, handlers) => {
          const stop = peers.listen(handlers);
          return { port: PORT, close: async () => stop() };
        },
        onUncaught: (error) => {
          throw error;
        },
      },
      signal,
    ).then((broker) => ({ broker, peers, session }));
    starting.catch(() => {});
    return starting;
  }

  async start(machine: Machine, overrides: readonly string[] = []): Promise<Life> {
    return this.run(this.begin(machine, overrides));
  }

  /** As the controller does it; it need not come about. */
  async createTopic(broker: Broker, name: string, replicationFactor: number): Promise<void> {
    const topic = { name, numPartitions: 1, replicationFactor, assignments: [], configs: [] };
    const request = { topics: [topic], timeoutMs: 5000 };
    const { brokerId, parts } = broker;
    await this.run(parts.requests.ask(brokerId, 'CreateTopics', 7, request, { deadlineMs: 10_000 }));
  }

  /** The process dies, and the power with it. */
  crash({ disk }: Machine, { peers }: Life): void {
    this.network.kill(peers);
    disk.crash();
  }

  /** What broker `id` says of itself when it is seen for the first time from now on. */
  async firstRegistration(id: number): Promise<BrokerRegistration> {
    for (;;) {
      const found = this.registration(id);
      if (found !== undefined) return found;
      await this.scheduler.advanceBy(1);
    }
  }

  /** Lets time pass until the promise is settled. */
  async run<T>(promise: Promise<T>, withinMs = 120_000): Promise<T> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => {});
    const endMs = this.clock.steadyMs() + withinMs;
    while (!isSettled && this.clock.steadyMs() < endMs) await this.scheduler.advanceBy(5);
    if (!isSettled) throw new Error(`not within ${withinMs} ms`);
    return settled;
  }

  /** What broker `id` has registered; undefined where it is not. */
  registration(id: number): BrokerRegistration | undefined {
    const path = `/brokers/ids/${id}`;
    const node = this.node(path);
    return node && decodeBrokerRegistration(brokerId(id), node.data);
  }

  node(path: string): NodeRecord | undefined {
    return new Map(this.zookeeper.image()?.nodes).get(`/a${path}`);
  }

  async #settled(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    for (const disk of this.disks) await disk.settled();
  }
}
