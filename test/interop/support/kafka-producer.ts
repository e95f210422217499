import { JavaProcess } from '../../support/java/java-process.ts';

/** A record that Kafka has acknowledged to its producer. */
export type Acknowledged = {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
};

const PRODUCER_MAX_MS = 60_000;
/** Without it batches become larger than a segment may be. */
const RECORDS_PER_SECOND = 3000;
/** Enough to come by every partition. */
const KEYS = 100;

export type ProducerOptions = {
  readonly recordsPerSecond?: number;
  /** Kafka's own defaults but for these; without it nothing is sent a second time. */
  readonly configFile?: string;
};

/** Kafka's own producer, which prints what was acknowledged. */
export class KafkaProducer {
  readonly #process: JavaProcess;
  readonly #acknowledged: Acknowledged[] = [];

  /** Sends the numbers from 0 to `count - 1` to a topic, with keys that spread them over its partitions. */
  constructor(classPath: string, address: string, topic: string, count: number, options: ProducerOptions = {}) {
    const { recordsPerSecond = RECORDS_PER_SECOND, configFile } = options;
    this.#process = new JavaProcess({
      classPath,
      mainClass: 'org.apache.kafka.tools.VerifiableProducer',
      args: [
        ...['--bootstrap-server', address, '--topic', topic],
        ...['--max-messages', `${count}`, '--repeating-keys', `${KEYS}`],
        ...['--throughput', `${recordsPerSecond}`],
        ...(configFile === undefined ? [] : ['--producer.config', configFile]),
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

  /** It sends no more; resolves when all that it has sent is acknowledged. */
  async stop(): Promise<void> {
    await this.#process.stop('SIGTERM');
  }

  /** Resolves when the record with this number was acknowledged. */
  async reached(number: number): Promise<void> {
    await this.#process.lineMatching(new RegExp(`"producer_send_success".*"value":"${number}"`), PRODUCER_MAX_MS);
  }

  async kill(): Promise<void> {
    await this.#process.stop('SIGKILL');
  }
}
