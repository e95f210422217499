import { expect } from 'vitest';
import { auditPartition, type Finding } from '../../chaos/audit/audit.ts';
import { readPartition } from '../../chaos/audit/read-partition.ts';
import { Ledger } from '../../chaos/load/ledger.ts';
import { Load } from '../../chaos/load/load.ts';
import { until } from '../../support/until.ts';
import type { BrokerContainer } from './broker-container.ts';
import { type ContainerCluster, PARTITIONS } from './container-cluster.ts';

const HAPPEN_MAX_MS = 30_000;

/** A topic that is written to and read steadily, from `start` until `end`, while something happens to the brokers. */
export class Trial {
  readonly topic: string;
  readonly load: Load;
  readonly #cluster: ContainerCluster;
  readonly #ledger: Ledger;

  private constructor(cluster: ContainerCluster, topic: string) {
    this.topic = topic;
    this.#cluster = cluster;
    this.#ledger = new Ledger(topic);
    this.load = new Load({
      restUrls: cluster.restUrls,
      ledger: this.#ledger,
      partitions: PARTITIONS,
      name: 'steady',
    });
  }

  /** Resolves when records flow through all partitions. */
  static async start(cluster: ContainerCluster, topic: string): Promise<Trial> {
    await cluster.createTopic(topic);
    const trial = new Trial(cluster, topic);
    await trial.load.flows();
    return trial;
  }

  /** A partition that the broker leads. */
  async ledBy(broker: BrokerContainer): Promise<number> {
    const states = await this.#cluster.witness.partitions(this.topic, PARTITIONS);
    const partition = states.findIndex(({ leader }) => leader === broker.id);
    if (partition < 0) throw new Error(`broker ${broker.id} leads no partition of ${this.topic}`);
    return partition;
  }

  /** Resolves when the others have taken over all that the broker led, and records flow again. */
  async goesOnWithout(broker: BrokerContainer): Promise<void> {
    await until(`others lead what broker ${broker.id} led`, HAPPEN_MAX_MS, async () => {
      const states = await this.#cluster.witness.partitions(this.topic, PARTITIONS);
      const isWithout = states.every(({ leader, isr }) => leader !== undefined && isr.every((id) => id !== broker.id));
      return isWithout ? true : undefined;
    });
    await this.load.flows();
  }

  /** To be called when all is well again: all that was acknowledged is there, once and in order, and nothing was given up. */
  async end(): Promise<void> {
    await this.#cluster.whenInSync(this.topic);
    await this.load.flows();
    await this.load.stop();
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    const findings = await Promise.all(partitions.map((partition) => this.#audit(partition)));
    expect(findings.flat()).toEqual([]);
    expect(this.#ledger.count('refused') + this.#ledger.count('unknown')).toBe(0);
    expect(this.#ledger.count('acknowledged')).toBeGreaterThan(0);
  }

  async #audit(partition: number): Promise<Finding[]> {
    const { client } = this.#cluster;
    const records = await readPartition(client, this.topic, partition, this.#ledger.endOf(partition));
    return [...auditPartition(this.#ledger, partition, records), ...this.load.auditReaders(partition, records)];
  }
}
