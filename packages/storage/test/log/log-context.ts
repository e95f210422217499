import { DEFAULT_LOG_CONFIG, type LogConfig, type Offset, offset, type TopicPartition } from '@barnabas/model';
import { baseOffsetOf, lastOffsetOf } from '@barnabas/protocol';
import {
  SimulatedClock,
  SimulatedDisk,
  type SimulatedFileSystem,
  SimulatedScheduler,
  seededRandom,
} from '@barnabas/testkit';
import type { FlushPolicy } from '../../src/commit/log-writer.ts';
import type { Log } from '../../src/log/log.ts';
import type { ReadIsolation } from '../../src/log/log-answers.ts';
import { LogManager, type LogManagerOptions } from '../../src/manager/log-manager.ts';
import { EPOCH, split, T0 } from './batches.ts';

export const DIR = '/data';
export const TOPIC_PARTITION: TopicPartition = { topic: 't', partition: 0 };
export const LOG_DIR = `${DIR}/t-0`;

export type ContextOptions = {
  readonly config?: Partial<LogConfig>;
  readonly flushMode?: FlushPolicy['mode'];
  readonly seed?: number;
  readonly manager?: Partial<LogManagerOptions>;
};

/** One log on a simulated disk, which can be closed, killed or lose its power, and opened again. */
export class LogContext {
  readonly clock = new SimulatedClock(T0);
  readonly disk: SimulatedDisk;
  readonly scheduler: SimulatedScheduler;
  readonly #options: ContextOptions;
  /** Of the log from now on. */
  config: LogConfig;
  process: SimulatedFileSystem;
  manager: LogManager | undefined;

  constructor(options: ContextOptions = {}) {
    this.#options = options;
    this.config = { ...DEFAULT_LOG_CONFIG, retentionMs: Number.POSITIVE_INFINITY, ...options.config };
    this.disk = new SimulatedDisk(seededRandom(options.seed ?? 1), this.clock);
    this.scheduler = new SimulatedScheduler(this.clock, () => this.disk.settled());
    this.process = this.disk.newProcess();
  }

  /** With a new, empty log. */
  static async create(options: ContextOptions = {}): Promise<LogContext> {
    const context = new LogContext(options);
    await context.open();
    await context.openManager.create(TOPIC_PARTITION);
    return context;
  }

  async open(): Promise<LogManager> {
    this.manager = await LogManager.open({
      dirs: [DIR],
      fs: this.process,
      clock: this.clock,
      scheduler: this.scheduler,
      random: seededRandom(2),
      flushMode: this.#options.flushMode ?? 'group',
      configOf: () => this.config,
      checkpointIntervalMs: 3_600_000,
      ...this.#options.manager,
    });
    return this.manager;
  }

  get openManager(): LogManager {
    if (this.manager === undefined) throw new Error('the context is not open');
    return this.manager;
  }

  get log(): Log {
    const log = this.openManager.get(TOPIC_PARTITION);
    if (log === undefined) throw this.unusable ?? new Error('the log is not open');
    return log;
  }

  /** Why the log could not be opened. */
  get unusable(): Error | undefined {
    return this.openManager.dirs[0]?.unusable.get('t-0')?.error;
  }

  /** Ends what is open and opens it anew. */
  async reopen(how: 'closed' | 'killed' | 'crashed' = 'closed'): Promise<Log> {
    if (how === 'closed') await this.openManager.close();
    else if (how === 'killed') this.process.kill();
    else this.disk.crash();
    this.process = this.disk.newProcess();
    await this.open();
    return this.log;
  }

  /** Appends a producer's batch as leader of epoch 0 and waits for it. */
  async append(bytes: Buffer): Promise<void> {
    await this.log.appendAsLeader(bytes, EPOCH).acknowledged;
  }

  /** Appends batches that have their offsets, each by itself, and waits for them. */
  async replicate(...batches: readonly Buffer[]): Promise<void> {
    await Promise.all(batches.map((bytes) => this.log.appendAsFollower(bytes).acknowledged));
  }

  /** Appends as follower, as batches of one record each, until the log ends there. */
  async fillTo(end: number, batchOf: (at: number) => Buffer): Promise<void> {
    while (this.log.endOffset < end) await this.replicate(batchOf(this.log.endOffset));
  }

  /** All whole batches from an offset on, as one reader after another would get them. */
  async readAll(
    from: number = this.log.startOffset,
    maxBytes = 300,
    isolation: ReadIsolation = 'logEnd',
  ): Promise<Buffer[]> {
    const batches: Buffer[] = [];
    for (let at = offset(from); ; ) {
      const found = split((await this.log.read(at, { maxBytes, isolation })).bytes);
      if (found.length === 0) return batches;
      batches.push(...found);
      at = nextOf(found, at);
    }
  }

  async ranges(from?: number): Promise<[number, number][]> {
    return (await this.readAll(from)).map((bytes) => [baseOffsetOf(bytes), lastOffsetOf(bytes)]);
  }

  /** The names in the log's directory, sorted. */
  get files(): string[] {
    return this.disk
      .listing()
      .filter((path) => path.startsWith(`${LOG_DIR}/`))
      .map((path) => path.slice(LOG_DIR.length + 1));
  }

  get logFiles(): string[] {
    return this.files.filter((name) => name.endsWith('.log'));
  }

  file(name: string): Promise<Buffer> {
    return this.process.readFile(`${LOG_DIR}/${name}`);
  }
}

const nextOf = (batches: readonly Buffer[], at: Offset): Offset => {
  const last = batches.at(-1);
  return last === undefined ? at : offset(lastOffsetOf(last) + 1);
};
