import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchCluster } from './bench-cluster.ts';
import { fullBatch } from './record-batch.ts';

const PAUSE_MS = 20;
const RETRY_MS = 2;

/** Writes a record to one partition, again and again, to whoever leads it. Ends with `stop`. */
export class SteadyWriter {
  /** A broker that is not to be asked who leads: it is about to stop, or down. */
  avoid = -1;
  readonly #cluster: BenchCluster;
  readonly #topic: string;
  readonly #partition: number;
  readonly #bytes = fullBatch(100, 100).bytes;
  readonly #done: Promise<void>;
  #leader: number;
  #longestMs = 0;
  #isStopping = false;

  constructor(cluster: BenchCluster, topic: string, partition: number, leader: number) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#partition = partition;
    this.#leader = leader;
    this.#done = this.#writeOn();
    // It is looked at in `stop`.
    this.#done.catch(() => {});
  }

  get leader(): number {
    return this.#leader;
  }

  /** From the first attempt of a write to its acknowledgement, the longest since this was asked last. */
  takeLongestMs(): number {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  /** Rejects with what went wrong, if anything did. */
  stop(): Promise<void> {
    this.#isStopping = true;
    return this.#done;
  }

  async #writeOn(): Promise<void> {
    // Not all writers at once.
    await sleep(Math.random() * PAUSE_MS);
    while (!this.#isStopping) {
      const startMs = performance.now();
      while (!(await this.#write())) {
        await sleep(RETRY_MS);
        this.#leader = await this.#askLeader();
      }
      this.#longestMs = Math.max(this.#longestMs, performance.now() - startMs);
      await sleep(PAUSE_MS);
    }
  }

  async #write(): Promise<boolean> {
    if (this.#leader < 0) return false;
    const write = { partition: this.#partition, bytes: this.#bytes };
    // A request whose connection broke may have been executed: what is written twice does no harm here.
    const written = await this.#cluster.driver.write(this.#leader, this.#topic, [write]).catch(() => []);
    return written[0]?.error === 'NONE';
  }

  async #askLeader(): Promise<number> {
    const broker = this.#cluster.brokers.find(({ id }) => id !== this.avoid)?.id ?? -1;
    return (await this.#cluster.driver.leaders(this.#topic, broker)).get(this.#partition) ?? -1;
  }
}
