import { DEFAULT_LOG_CONFIG, type LogConfig, leaderEpoch, type TopicPartition } from '@barnabas/model';
import { buildBatch } from '@barnabas/protocol';
import { type Appended, type Log, type LogDir, type LogDirFailedError, LogManager } from '@barnabas/storage';
import { SimulatedClock, SimulatedDisk, SimulatedScheduler, seededRandom } from '@barnabas/testkit';

export const ORDERS: TopicPartition = { topic: 'orders', partition: 0 };
export const EVENTS: TopicPartition = { topic: 'events', partition: 0 };

/** Log directories on a simulated disk, and the process that has them open. */
export class SimulatedLogs {
  readonly disk: SimulatedDisk;
  readonly failures: LogDirFailedError[] = [];
  readonly #dirs: readonly string[];
  readonly #config: LogConfig;
  #manager: LogManager | undefined;

  private constructor(seed: number, dirs: readonly string[], config: Partial<LogConfig>) {
    this.disk = new SimulatedDisk(seededRandom(seed));
    this.#dirs = dirs;
    this.#config = { ...DEFAULT_LOG_CONFIG, segmentBytes: 2000, indexIntervalBytes: 100, ...config };
  }

  /** Opens empty directories with two partitions; each in one of its own where there are two. */
  static async create(options: { seed?: number; dirs?: readonly string[]; config?: Partial<LogConfig> } = {}) {
    const logs = new SimulatedLogs(options.seed ?? 1, options.dirs ?? ['/a'], options.config ?? {});
    await logs.open();
    await logs.manager.create(ORDERS);
    await logs.manager.create(EVENTS);
    return logs;
  }

  get manager(): LogManager {
    if (this.#manager === undefined) throw new Error('the logs are not open');
    return this.#manager;
  }

  async open(): Promise<void> {
    const clock = new SimulatedClock();
    this.failures.length = 0;
    this.#manager = await LogManager.open({
      dirs: this.#dirs,
      fs: this.disk.newProcess(),
      clock,
      scheduler: new SimulatedScheduler(clock),
      random: seededRandom(1),
      flushMode: 'group',
      configOf: () => this.#config,
      onDirFailure: (error) => this.failures.push(error),
    });
  }

  async crashAndOpen(): Promise<void> {
    this.disk.crash();
    await this.open();
  }

  async closeAndOpen(): Promise<void> {
    await this.manager.close();
    await this.open();
  }

  log(topicPartition: TopicPartition): Log {
    const log = this.manager.get(topicPartition);
    if (log === undefined) throw new Error(`${topicPartition.topic} is not open`);
    return log;
  }

  /** The directory that has the partition, which with several is any of them. */
  dirOf({ topic, partition }: TopicPartition): LogDir {
    const dir = this.manager.dirs.find(({ logs }) => logs.has(`${topic}-${partition}`));
    if (dir === undefined) throw new Error(`${topic} is in no directory`);
    return dir;
  }

  append(topicPartition: TopicPartition, value = 'x'.repeat(100)): Appended {
    const records = [{ timestamp: 1000, key: null, value: Buffer.from(value), headers: [] }];
    return this.log(topicPartition).appendAsLeader(buildBatch({ records }), leaderEpoch(0));
  }

  /** One after the other, each acknowledged. */
  async appendMany(topicPartition: TopicPartition, count: number): Promise<void> {
    for (let index = 0; index < count; index++) await this.append(topicPartition).acknowledged;
  }

  /** The bytes of a partition's `.log` files, by path. */
  logFiles(dir: string): Record<string, string> {
    const paths = this.disk.listing().filter((path) => path.startsWith(`${dir}/`) && path.endsWith('.log'));
    return Object.fromEntries(
      paths.map((path) => [path, this.disk.readDurable(path)?.toString('hex') ?? 'not durable']),
    );
  }
}
