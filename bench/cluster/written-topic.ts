import type { BenchCluster } from './bench-cluster.ts';
import type { Act } from './load.ts';
import type { RecordBatch } from './record-batch.ts';

/** Its leaders are spread evenly. */
export const PARTITIONS = 6;

/** A topic that a batch is written to, again and again, to one partition after the other. */
export class WrittenTopic {
  readonly #cluster: BenchCluster;
  readonly #name: string;
  readonly #leaders: readonly (readonly [partition: number, leader: number])[];

  private constructor(cluster: BenchCluster, name: string, leaders: ReadonlyMap<number, number>) {
    this.#cluster = cluster;
    this.#name = name;
    this.#leaders = [...leaders];
  }

  static async create(cluster: BenchCluster, name: string): Promise<WrittenTopic> {
    return new WrittenTopic(cluster, name, await cluster.createTopic(name, PARTITIONS));
  }

  /** What it holds goes from the disk. */
  delete(): Promise<void> {
    return this.#cluster.deleteTopic(this.#name);
  }

  writing({ bytes }: RecordBatch): Act {
    return (at) => {
      const [partition, leader] = this.#leaders[at % this.#leaders.length] ?? [0, 0];
      return this.#cluster.driver.produce(leader, this.#name, { partition, bytes });
    };
  }
}
