import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterProcesses } from '../cluster/cluster-processes.ts';
import { until } from '../until.ts';
import { ZooKeeperProcess } from '../zookeeper/zookeeper-process.ts';

const CREATE_MAX_MS = 30_000;

/** Three brokers as processes, for clients of others to be tried on. Ends with `close`. */
export class ClientScene {
  readonly cluster: ClusterProcesses;
  readonly #zookeeper: ZooKeeperProcess;
  readonly #dir: string;

  private constructor(dir: string, zookeeper: ZooKeeperProcess, cluster: ClusterProcesses) {
    this.#dir = dir;
    this.#zookeeper = zookeeper;
    this.cluster = cluster;
  }

  /** @param properties of every broker, over those of config/server.properties */
  static async start(properties: Readonly<Record<string, string>> = {}): Promise<ClientScene> {
    const dir = mkdtempSync(join(tmpdir(), 'barnabas-clients-'));
    const zookeeper = await ZooKeeperProcess.start(join(dir, 'zookeeper'));
    const zookeeperConnect = `${zookeeper.address}/clusters/clients`;
    const quick = { 'zookeeper.session.timeout.ms': '4000', 'controlled.shutdown.retry.backoff.ms': '200' };
    const cluster = await ClusterProcesses.start({ zookeeperConnect, properties: { ...quick, ...properties } });
    return new ClientScene(dir, zookeeper, cluster);
  }

  /**
   * Resolves when every broker knows of it, and every replica is in sync. On a busy machine that may take more than one
   * try: sessions are so short here that a broker that was not let run can have lost its own.
   */
  async createTopic(name: string, partitions = 1): Promise<void> {
    await until(`${name} is created`, CREATE_MAX_MS, async () => {
      await this.cluster.createTopic(name, { partitions, replicationFactor: 3 });
      return true;
    });
    await this.cluster.whenInSync(name);
  }

  async close(): Promise<void> {
    await this.cluster.close();
    await this.#zookeeper.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
