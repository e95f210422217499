import { writeFileSync } from 'node:fs';
import { JavaProcess } from '../../support/java/java-process.ts';
import { propertiesText } from './properties-text.ts';

export type BrokerOptions = {
  readonly classPath: string;
  /** `host:port/chroot` */
  readonly zookeeper: string;
  readonly brokerId: number;
  readonly logDir: string;
  /** Where its configuration is written to. */
  readonly propertiesFile: string;
  /** Settings beside those of every test, or instead of them. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly jvmOptions?: readonly string[];
};

const START_MAX_MS = 90_000;
const OF_SLOWNESS = /\((org\.apache\.zookeeper|kafka\.zookeeper|org\.apache\.kafka\.clients)\.[^)]*\)$/;

/** An Apache Kafka broker in ZooKeeper mode, alone in its cluster. Ends with `stop` or `kill`. */
export class KafkaBroker {
  readonly address: string;
  readonly #process: JavaProcess;

  private constructor(address: string, process: JavaProcess) {
    this.address = address;
    this.#process = process;
  }

  /** Resolves when it serves clients. */
  static async start({ classPath, propertiesFile, jvmOptions = [], ...options }: BrokerOptions): Promise<KafkaBroker> {
    writeFileSync(propertiesFile, propertiesText(settingsOf(options)));
    const process = new JavaProcess({
      classPath,
      mainClass: 'kafka.Kafka',
      args: [propertiesFile],
      kind: 'server',
      jvmOptions,
    });
    try {
      const [, address = ''] = await process.lineMatching(/Awaiting socket connections on ([\d.:]+)\./, START_MAX_MS);
      await process.lineMatching(/started \(kafka\.server\.KafkaServer\)/, START_MAX_MS);
      return new KafkaBroker(address, process);
    } catch (error) {
      await process.stop('SIGKILL');
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** What it has logged so far, one line for each entry or line of a stack trace. */
  get logLines(): readonly string[] {
    return this.#process.lines;
  }

  /** Warnings and errors that it has logged so far, but for those of a slow machine or network. */
  get complaints(): readonly string[] {
    return this.logLines.filter((line) => /^(WARN|ERROR|FATAL) /.test(line) && !OF_SLOWNESS.test(line));
  }

  /** A controlled shutdown. Rejects where Kafka says that it went wrong. */
  async stop(): Promise<void> {
    await this.#process.stop('SIGTERM');
    if (!this.logLines.some((line) => line.includes('shut down completed (kafka.server.KafkaServer)'))) {
      throw new Error(`Kafka did not shut down in order:\n${this.#process.tail}`);
    }
  }

  async kill(): Promise<void> {
    await this.#process.stop('SIGKILL');
  }
}

/** Nothing expires, nothing is compacted, and one broker is enough. */
const settingsOf = ({
  brokerId,
  zookeeper,
  logDir,
  settings,
}: Omit<BrokerOptions, 'classPath' | 'propertiesFile' | 'jvmOptions'>): Readonly<
  Record<string, string | number | boolean>
> => ({
  'broker.id': brokerId,
  listeners: 'PLAINTEXT://127.0.0.1:0',
  'zookeeper.connect': zookeeper,
  'log.dirs': logDir,
  'log.retention.ms': -1,
  'log.cleaner.enable': false,
  'auto.create.topics.enable': false,
  'offsets.topic.num.partitions': 1,
  'offsets.topic.replication.factor': 1,
  'group.initial.rebalance.delay.ms': 0,
  'num.network.threads': 1,
  'num.io.threads': 2,
  'background.threads': 2,
  ...settings,
});
