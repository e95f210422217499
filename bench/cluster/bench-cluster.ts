import type { BrokerProcess } from '../../test/support/cluster/broker-process.ts';
import { ClusterProcesses } from '../../test/support/cluster/cluster-processes.ts';
import { Driver } from './driver.ts';

/** Both ways of `log.flush`. */
export const FLUSH_MODES = ['group', 'os'] as const;
export type FlushMode = (typeof FLUSH_MODES)[number];

/** What a deleted topic leaves goes soon, and nothing moves by itself. */
const PROPERTIES = { 'log.segment.delete.delay.ms': '1000', 'auto.leader.rebalance.enable': 'false' };

export type Used = { readonly cpuSeconds: number; readonly residentBytes: number };

/** Three brokers as processes, and a driver of them. Ends with `close`. */
export class BenchCluster {
  readonly processes: ClusterProcesses;
  readonly driver: Driver;

  private constructor(processes: ClusterProcesses) {
    this.processes = processes;
    this.driver = new Driver(processes.brokers);
  }

  /** @param zookeeper `host:port` */
  static async start(
    zookeeper: string,
    name: string,
    properties: Readonly<Record<string, string>> = {},
  ): Promise<BenchCluster> {
    const processes = await ClusterProcesses.start({
      zookeeperConnect: `${zookeeper}/bench/${name}`,
      properties: { ...PROPERTIES, ...properties },
    });
    return new BenchCluster(processes);
  }

  get brokers(): readonly BrokerProcess[] {
    return this.processes.brokers;
  }

  /** A topic of replication factor 3, once all of it is in sync; answers the leader of each partition. */
  async createTopic(name: string, partitions: number): Promise<ReadonlyMap<number, number>> {
    await this.processes.createTopic(name, { partitions, replicationFactor: 3 });
    await this.processes.whenInSync(name);
    return this.driver.leaders(name, this.brokers[0]?.id ?? 0);
  }

  async deleteTopic(name: string): Promise<void> {
    const response = await fetch(`${this.brokers[0]?.restUrl}/v1/topics/${name}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(`deleting ${name}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  /** What all brokers together have used so far. */
  used(): Used {
    return this.brokers
      .map((broker) => broker.usage())
      .reduce((sum, { cpuSeconds, residentBytes }) => ({
        cpuSeconds: sum.cpuSeconds + cpuSeconds,
        residentBytes: sum.residentBytes + residentBytes,
      }));
  }

  async close(): Promise<void> {
    await this.driver.close();
    await this.processes.close();
  }
}
