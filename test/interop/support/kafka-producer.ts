import { JavaProcess } from '../../support/java/java-process.ts';

/** A record that Kafka has acknowledged to its producer. */
export type Acknowledged = {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
};

const PRODUCER_MAX_MS = 60_000;
/** Records per second: without it batches become larger than a segment may be. */
const THROUGHPUT = 3000;
/** Enough to come by every partition. */
const KEYS = 100;

/** Kafka's own producer, which prints what was acknowledged. */
export class KafkaProducer {
  readonly #process: JavaProcess;
  readonly #acknowledged: Acknowledged[] = [];

  /** Sends the numbers from 0 to `count - 1` to a topic, with keys that spread them over its partitions. */
  constructor(classPath: string, address: string, topic: string, count: number) {
    this.#process = new JavaProcess({
      classPath,
      mainClass: 'org.apache.kafka.tools.VerifiableProducer',
      args: [
        ...['--bootstrap-server', address, '--topic', topic],
        ...['--max-messages', `${count}`, '--repeating-keys', `${KEYS}`],
        ...['--throughput', `${THROUGHPUT}`],
      ],
      kind: 'tool',
    });
    this.#process.onLine((line) => {
      // The last line of a producer that is killed may be cut off, and then does not end like this.
      if (!line.endsWith('}')) return;
      const said: Acknowledged & { readonly name: string } = JSON.parse(line);
      if (said.name === 'producer_send_success') this.#acknowledged.push(said);
    });
  }

  /** So far. */
  get acknowledged(): readonly Acknowledged[] {
    return this.#acknowledged;
  }

  /** Resolves when all was sent. Rejects where some of it was not acknowledged. */
  async ended(): Promise<void> {
    const exit = await this.#process.ended(PRODUCER_MAX_MS);
    if (exit !== 0) throw new Error(`the producer ended with ${exit}:\n${this.#process.tail}`);
  }

  /** Resolves when the record with this number was acknowledged. */
  async reached(number: number): Promise<void> {
    await this.#process.lineMatching(new RegExp(`"producer_send_success".*"value":"${number}"`), PRODUCER_MAX_MS);
  }

  async kill(): Promise<void> {
    await this.#process.stop('SIGKILL');
  }
}
