import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../zookeeper/free-ports.ts';
import { BrokerProcess } from './broker-process.ts';

export type ClusterSettings = {
  /** With the chroot: `host:port/clusters/a`. */
  readonly zookeeperConnect: string;
  readonly brokers?: number;
  /** Of every broker, over those of config/server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
};

export type PartitionDescription = {
  readonly partition: number;
  /** null where there is none. */
  readonly leader: number | null;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
};

export type TopicDescription = {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly PartitionDescription[];
  readonly configs: Readonly<Record<string, string>>;
};

export type NewTopic = {
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs?: Readonly<Record<string, string>>;
};

const PORTS_PER_BROKER = 3;

/** Brokers of one cluster as processes, on directories of their own. Ends with `close`, which removes them. */
export class ClusterProcesses {
  readonly brokers: readonly BrokerProcess[];
  readonly dir: string;

  private constructor(dir: string, brokers: readonly BrokerProcess[]) {
    this.dir = dir;
    this.brokers = brokers;
  }

  /** Resolves when all are ready. */
  static async start({ zookeeperConnect, brokers = 3, properties = {} }: ClusterSettings): Promise<ClusterProcesses> {
    const dir = mkdtempSync(join(tmpdir(), 'barnabas-cluster-'));
    const ports = await freePorts(PORTS_PER_BROKER * brokers);
    const processes = Array.from({ length: brokers }, (_, index) => {
      const [restPort = 0, kafkaPort = 0, peersPort = 0] = ports.slice(PORTS_PER_BROKER * index);
      const id = index + 1;
      return new BrokerProcess({
        id,
        dir: join(dir, `broker-${id}`),
        restPort,
        kafkaPort,
        peersPort,
        zookeeperConnect,
        properties,
      });
    });
    const cluster = new ClusterProcesses(dir, processes);
    for (const broker of processes) broker.start();
    await cluster.whenReady();
    return cluster;
  }

  get restUrls(): string[] {
    return this.brokers.map(({ restUrl }) => restUrl);
  }

  /** As clients of Kafka's protocol are told: `host:port,...` */
  get bootstrapServers(): string {
    return this.brokers.map(({ kafkaAddress }) => kafkaAddress).join();
  }

  broker(id: number): BrokerProcess {
    const broker = this.brokers.find((other) => other.id === id);
    if (broker === undefined) throw new Error(`there is no broker ${id}`);
    return broker;
  }

  async whenReady(): Promise<void> {
    await Promise.all(this.brokers.filter(({ isAwake }) => isAwake).map((broker) => broker.whenReady()));
  }

  async createTopic(name: string, topic: NewTopic): Promise<void> {
    const response = await fetch(`${this.#anyUrl()}/v1/topics/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(topic),
    });
    if (!response.ok) throw new Error(`creating ${name}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  /** As one of the brokers sees it that are running, or the given one. */
  async describeTopic(name: string, broker?: BrokerProcess): Promise<TopicDescription> {
    return (await this.#get(`${broker?.restUrl ?? this.#anyUrl()}/v1/topics/${name}`)) as TopicDescription;
  }

  async leaderOf(topic: string, partition: number): Promise<BrokerProcess> {
    const { partitions } = await this.describeTopic(topic);
    const leader = partitions.find((other) => other.partition === partition)?.leader;
    if (leader === undefined || leader === null) throw new Error(`${topic}-${partition} has no leader`);
    return this.broker(leader);
  }

  async controller(): Promise<BrokerProcess> {
    const { controllerId } = (await this.#get(`${this.#anyUrl()}/v1/brokers`)) as { controllerId: number };
    return this.broker(controllerId);
  }

  /** Resolves when every broker that is awake sees every replica of the topic in sync. */
  async whenInSync(topic: string, timeoutMs = 60_000): Promise<void> {
    const giveUpAtMs = performance.now() + timeoutMs;
    for (;;) {
      const found = await this.#unsynced(topic);
      if (found === undefined) return;
      if (performance.now() > giveUpAtMs) throw new Error(`${topic} is not in sync after ${timeoutMs} ms: ${found}`);
      await sleep(100);
    }
  }

  async close(): Promise<void> {
    for (const broker of this.brokers) broker.goOn();
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    rmSync(this.dir, { recursive: true, force: true });
  }

  async #unsynced(topic: string): Promise<string | undefined> {
    for (const broker of this.brokers.filter(({ isAwake }) => isAwake)) {
      try {
        const { partitions } = await this.describeTopic(topic, broker);
        const short = partitions.find(({ isr, replicas, leader }) => leader === null || isr.length < replicas.length);
        if (short !== undefined) return `broker ${broker.id} sees ${JSON.stringify(short)}`;
      } catch (error) {
        return `broker ${broker.id}: ${error instanceof Error ? error.message : error}`;
      }
    }
    return undefined;
  }

  #anyUrl(): string {
    const awake = this.brokers.find(({ isAwake }) => isAwake);
    if (awake === undefined) throw new Error('no broker is running');
    return awake.restUrl;
  }

  async #get(url: string): Promise<unknown> {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}
