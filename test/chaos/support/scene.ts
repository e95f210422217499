import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterProcesses } from '../../support/cluster/cluster-processes.ts';
import { Witness } from '../../support/cluster/witness.ts';
import type { Ensemble } from '../../support/zookeeper/ensemble.ts';
import { realZooKeeper } from '../../support/zookeeper/real-zookeeper.ts';

export const SESSION_TIMEOUT_MS = 4000;
export const PARTITIONS = 4;

const LOGS_DIR = join(import.meta.dirname, '../../../.cache/chaos-logs');
const TICK_TIME_MS = 500;
const CHROOT = '/clusters/chaos';
/** Small enough that every round writes several. */
const SEGMENT_BYTES = 256 * 1024;

/** A real ZooKeeper and three brokers, for one round after the other. Ends with `close`. */
export class Scene {
  readonly zookeeper: Ensemble;
  readonly cluster: ClusterProcesses;
  readonly witness: Witness;

  private constructor(zookeeper: Ensemble, cluster: ClusterProcesses, witness: Witness) {
    this.zookeeper = zookeeper;
    this.cluster = cluster;
    this.witness = witness;
  }

  static async start(): Promise<Scene> {
    const zookeeper = await realZooKeeper({ servers: 1, tickTimeMs: TICK_TIME_MS });
    try {
      const zookeeperConnect = `${zookeeper.connectString}${CHROOT}`;
      const properties = {
        'zookeeper.session.timeout.ms': `${SESSION_TIMEOUT_MS}`,
        'auto.leader.rebalance.enable': 'false',
      };
      const cluster = await ClusterProcesses.start({ zookeeperConnect, properties });
      return new Scene(zookeeper, cluster, await Witness.open(zookeeperConnect));
    } catch (error) {
      await zookeeper.stop();
      throw error;
    }
  }

  /** Each record is acknowledged by two of three replicas at least. */
  async createTopic(name: string): Promise<void> {
    const configs = { 'min.insync.replicas': '2', 'segment.bytes': `${SEGMENT_BYTES}` };
    await this.cluster.createTopic(name, { partitions: PARTITIONS, replicationFactor: 3, configs });
    await this.cluster.whenInSync(name);
  }

  /** Copies the brokers' logs, for whoever looks into what went wrong. Answers where to. */
  keepLogs(name: string): string {
    const dir = join(LOGS_DIR, name);
    mkdirSync(dir, { recursive: true });
    for (const { id, logFile } of this.cluster.brokers) copyFileSync(logFile, join(dir, `broker-${id}.log`));
    return dir;
  }

  async close(): Promise<void> {
    await this.witness.close();
    await this.cluster.close();
    await this.zookeeper.stop();
  }
}
