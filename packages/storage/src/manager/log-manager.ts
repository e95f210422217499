import { join } from 'node:path';
import {
  type BrokerId,
  type Clock,
  formatTopicPartition,
  KafkaError,
  type LogConfig,
  type Random,
  type Scheduler,
  type TopicPartition,
} from '@barnabas/model';
import { META_PROPERTIES, readMetaProperties, writeMetaProperties } from '../checkpoint/meta-properties.ts';
import {
  checkMetaProperties,
  InconsistentBrokerIdError,
  InconsistentClusterIdError,
} from '../checkpoint/meta-properties-check.ts';
import type { FlushPolicy } from '../commit/log-writer.ts';
import { HandlePool } from '../files/handle-pool.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { PageCache } from '../index-file/page-cache.ts';
import type { Log } from '../log/log.ts';
import { LogDirFailedError } from '../storage-errors.ts';
import { LogDir, type LogDirEnvironment, LogDirLockedError } from './log-dir.ts';
import { OwnedTimers } from './owned-timers.ts';

export type LogManagerOptions = {
  /** `log.dirs` */
  readonly dirs: readonly string[];
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** `log.flush` */
  readonly flushMode: FlushPolicy['mode'];
  readonly configOf: (topicPartition: TopicPartition) => LogConfig;
  /** Whose data it is; checked against meta.properties, and written there by `claim`. Left out, nothing is checked or written. */
  readonly identity?: { readonly brokerId: BrokerId; readonly clusterId: string };
  /** Told of a directory that went offline, while it is opened or later. */
  readonly onDirFailure?: (error: LogDirFailedError) => void;
  /** `producer.id.expiration.ms` */
  readonly producerExpirationMs?: number;
  /** `log.flush.offset.checkpoint.interval.ms` */
  readonly checkpointIntervalMs?: number;
  /** `num.recovery.threads.per.data.dir`, as logs that are opened at a time. */
  readonly parallelLogs?: number;
  readonly parallelCommits?: number;
  readonly maxOpenFiles?: number;
  readonly indexCacheBytes?: number;
};

const DAY_MS = 86_400_000;
const PRODUCER_EXPIRY_INTERVAL_MS = 600_000;
/** Of batches that followers are about to ask for. */
const RECENT_BYTES = 32 * 1024 * 1024;

/**
 * All logs of a broker, over several log directories. A directory that fails takes its logs offline; the others go on.
 *
 * Ends with `close`.
 */
export class LogManager {
  readonly #options: LogManagerOptions;
  readonly #handles: HandlePool;
  readonly #dirs: LogDir[] = [];
  readonly #failures: LogDirFailedError[] = [];
  /** What is to be removed later is among them: it is found again when the directory is opened the next time. */
  readonly #timers: OwnedTimers;
  /** Directories that nobody's name stands in yet. */
  readonly #unclaimed = new Set<string>();
  /** Where the logs are going to be that are being created. */
  readonly #creating = new Map<string, LogDir>();

  private constructor(options: LogManagerOptions) {
    this.#options = options;
    this.#timers = new OwnedTimers(options.scheduler);
    this.#handles = new HandlePool(options.fs, options.maxOpenFiles ?? 4096);
  }

  /**
   * Opens every directory, all logs in it, and begins to checkpoint. A directory that cannot be opened is offline.
   * Rejects if none can be, if one belongs to another broker or cluster or is in use by another process, or if two have a
   * log of the same partition.
   */
  static async open(options: LogManagerOptions): Promise<LogManager> {
    const manager = new LogManager(options);
    const env = manager.#environment();
    try {
      const usable: string[] = [];
      for (const path of options.dirs) if (await manager.#checkIdentity(path)) usable.push(path);
      // All of them, also after one was refused: what is being opened has to be closed again.
      const opened = await Promise.allSettled(usable.map((path) => manager.#openDir(path, env)));
      for (const result of opened) if (result.status === 'rejected') throw result.reason;
      manager.#refuseTwins();
      if (manager.#dirs.length === 0)
        throw manager.#failures[0] ?? new KafkaError('INVALID_CONFIG', 'log.dirs is empty');
    } catch (error) {
      await manager.close();
      throw error;
    }
    manager.#schedule();
    return manager;
  }

  /**
   * Writes into new directories whose they are. Not before it is certain that they are: after a start that fails, as where the id is
   * another broker's, they are to be anybody's still. One that cannot be written in goes offline.
   */
  async claim(): Promise<void> {
    const { identity, fs, clock } = this.#options;
    if (identity === undefined) return;
    for (const dir of this.#live().filter(({ path }) => this.#unclaimed.has(path))) {
      try {
        await writeMetaProperties(fs, join(dir.path, META_PROPERTIES), identity, clock.nowMs());
        this.#unclaimed.delete(dir.path);
      } catch (error) {
        dir.fail(error);
      }
    }
  }

  /** The directories that could be opened; those that failed since are among them. */
  get dirs(): readonly LogDir[] {
    return this.#dirs;
  }

  /** Of directories that could not be opened or went offline. */
  get failures(): readonly LogDirFailedError[] {
    return this.#failures;
  }

  /** @returns undefined where there is no such log, or none that is usable */
  get(topicPartition: TopicPartition): Log | undefined {
    const name = formatTopicPartition(topicPartition);
    for (const dir of this.#dirs) {
      const log = dir.logs.get(name);
      if (log !== undefined) return log;
    }
    return undefined;
  }

  *logs(): Generator<Log, void, undefined> {
    for (const dir of this.#dirs) yield* dir.logs.values();
  }

  /**
   * Begins an empty log in the live directory that has the fewest.
   * Rejects with KAFKA_STORAGE_ERROR where the partition has a log already, or no directory is live.
   */
  async create(topicPartition: TopicPartition, topicId?: string): Promise<Log> {
    const name = formatTopicPartition(topicPartition);
    const holder = this.#creating.get(name) ?? this.#dirs.find((dir) => dir.logs.has(name) || dir.unusable.has(name));
    if (holder !== undefined)
      throw new KafkaError('KAFKA_STORAGE_ERROR', `${holder.path} has a log of ${name} already`);
    const [dir] = this.#live().sort((a, b) => this.#logCount(a) - this.#logCount(b));
    if (dir === undefined) throw new KafkaError('KAFKA_STORAGE_ERROR', `no log directory is online for ${name}`);
    this.#creating.set(name, dir);
    try {
      return await dir.create(topicPartition, topicId);
    } finally {
      this.#creating.delete(name);
    }
  }

  /** Deletes a log: its name is free when the promise resolves, its files go after `file.delete.delay.ms`. */
  async delete(topicPartition: TopicPartition): Promise<void> {
    await this.#holderOf(topicPartition).remove(formatTopicPartition(topicPartition), '-delete');
  }

  /** Takes a log that is damaged out of the way, to be fetched again from another replica; its files are kept. */
  async setAside(topicPartition: TopicPartition): Promise<void> {
    await this.#holderOf(topicPartition).remove(formatTopicPartition(topicPartition), '-stray');
  }

  /** Opens a log that was refused as damaged, without what is damaged and all that follows it. */
  async acceptLoss(topicPartition: TopicPartition): Promise<Log> {
    return this.#holderOf(topicPartition).acceptLoss(formatTopicPartition(topicPartition));
  }

  /** Writes the checkpoints of all live directories. */
  async checkpoint(): Promise<void> {
    await Promise.all(this.#live().map((dir) => dir.checkpoint()));
  }

  /** Flushes and closes all logs, and marks the directories as cleanly closed. */
  async close(): Promise<void> {
    this.#timers.cancelAll();
    const closed = await Promise.allSettled(this.#dirs.map((dir) => dir.close()));
    this.#timers.cancelAll();
    await this.#handles.closeAll();
    const failed = closed.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Which of two logs of a partition is the right one, nobody can tell. */
  #refuseTwins(): void {
    const holders = new Map<string, string>();
    for (const { path, logs, unusable } of this.#dirs) {
      for (const name of [...logs.keys(), ...unusable.keys()]) {
        const other = holders.get(name);
        if (other !== undefined) {
          const remedy = 'move one of them away, and start again';
          throw new KafkaError('KAFKA_STORAGE_ERROR', `both ${other} and ${path} have a log of ${name}: ${remedy}`);
        }
        holders.set(name, path);
      }
    }
  }

  /** With those that are about to be there. */
  #logCount(dir: LogDir): number {
    return dir.logs.size + [...this.#creating.values()].filter((other) => other === dir).length;
  }

  #live(): LogDir[] {
    return this.#dirs.filter(({ failure }) => failure === undefined);
  }

  #holderOf(topicPartition: TopicPartition): LogDir {
    const name = formatTopicPartition(topicPartition);
    const holder = this.#dirs.find((dir) => dir.logs.has(name) || dir.unusable.has(name));
    if (holder === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `there is no log of ${name}`);
    return holder;
  }

  #environment(): LogDirEnvironment {
    const { clock, random, flushMode, configOf } = this.#options;
    return {
      store: { handles: this.#handles, pages: new PageCache(this.#options.indexCacheBytes ?? 32 * 1024 * 1024) },
      recentBudget: { usedBytes: 0, limitBytes: RECENT_BYTES },
      clock,
      scheduler: this.#timers,
      random,
      flushMode,
      configOf,
      producerExpirationMs: this.#options.producerExpirationMs ?? DAY_MS,
      parallelLogs: this.#options.parallelLogs ?? 16,
      parallelCommits: this.#options.parallelCommits ?? 16,
      onFailure: (_, error) => this.#noteFailure(error),
    };
  }

  async #openDir(path: string, env: LogDirEnvironment): Promise<void> {
    try {
      this.#dirs.push(await LogDir.open(path, env));
    } catch (error) {
      if (error instanceof LogDirLockedError) throw error;
      this.#noteFailure(error instanceof LogDirFailedError ? error : new LogDirFailedError(path, error));
    }
  }

  #noteFailure(error: LogDirFailedError): void {
    if (this.#failures.includes(error)) return;
    this.#failures.push(error);
    this.#options.onDirFailure?.(error);
  }

  /** Whether the directory can be read. Rejects if it is another broker's or cluster's. */
  async #checkIdentity(path: string): Promise<boolean> {
    const { identity, fs } = this.#options;
    if (identity === undefined) return true;
    const file = join(path, META_PROPERTIES);
    try {
      await fs.makeDirectory(path);
      const found = await readMetaProperties(fs, file);
      if (found === undefined) this.#unclaimed.add(path);
      else checkMetaProperties(found, identity, file);
      return true;
    } catch (error) {
      if (error instanceof InconsistentClusterIdError || error instanceof InconsistentBrokerIdError) throw error;
      this.#noteFailure(new LogDirFailedError(path, error));
      return false;
    }
  }

  #schedule(): void {
    const { clock, checkpointIntervalMs, producerExpirationMs } = this.#options;
    const failed = (): void => {};
    this.#timers.every(checkpointIntervalMs ?? 1000, () => void this.checkpoint().catch(failed));
    this.#timers.every(PRODUCER_EXPIRY_INTERVAL_MS, () => {
      for (const log of this.logs()) {
        log.parts.producers.states.removeExpired(clock.nowMs(), producerExpirationMs ?? DAY_MS);
      }
    });
  }
}
