import { dirname, join } from 'node:path';
import {
  formatTopicPartition,
  KafkaError,
  type LogConfig,
  type Offset,
  offset,
  type TopicPartition,
} from '@barnabas/model';
import { takeCleanShutdownMarker, writeCleanShutdownMarker } from '../checkpoint/clean-shutdown.ts';
import {
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_CHECKPOINT,
  type OffsetCheckpoint,
  RECOVERY_POINT_CHECKPOINT,
  readOffsetCheckpoint,
} from '../checkpoint/offset-checkpoint.ts';
import { PARTITION_METADATA, writePartitionMetadata } from '../checkpoint/partition-metadata.ts';
import { GroupCommit } from '../commit/group-commit.ts';
import { parsePartitionDirectory, parseTopicPartition, suffixedDirectoryName } from '../file-names.ts';
import type { FileLock } from '../fs/file-system.ts';
import { abandonLog, closeLog } from '../log/close-log.ts';
import type { Log } from '../log/log.ts';
import { type LogEnvironment, openLog } from '../log/open-log.ts';
import type { Cut } from '../log/recover-segments.ts';
import {
  CorruptLogError,
  isLogDamage,
  LogClosedError,
  type LogDamage,
  type LogDirFailedError,
} from '../storage-errors.ts';
import { CleanedOffsets } from './cleaned-offsets.ts';
import { forEachOf } from './for-each-of.ts';
import { type CheckpointValues, NO_CHECKPOINTS, restrictTo } from './log-dir-checkpoints.ts';
import { SavedOffsets } from './saved-offsets.ts';

/** What a log directory needs from the outside; `commit` it makes itself. */
export type LogDirEnvironment = Omit<LogEnvironment, 'commit'> & {
  readonly configOf: (topicPartition: TopicPartition) => LogConfig;
  /** Logs that are opened or closed at a time. */
  readonly parallelLogs: number;
  /** Files that are written, and as many flushed, at a time. */
  readonly parallelCommits: number;
  readonly onFailure: (dir: LogDir, error: LogDirFailedError) => void;
};

/** A log that could not be opened: flushed data is missing or damaged. Its `.log` files are untouched. */
export type UnusableLog = {
  readonly topicPartition: TopicPartition;
  readonly dir: string;
  readonly error: LogDamage;
};

const LOCK_FILE = '.lock';
const EPOCH_FILES_AT_A_TIME = 2;

/** Another process has the log directory open. */
export class LogDirLockedError extends KafkaError {
  constructor(dir: string) {
    super(
      'KAFKA_STORAGE_ERROR',
      `log directory ${dir} is in use by another process, which holds ${join(dir, LOCK_FILE)}`,
    );
  }
}

/**
 * One directory of `log.dirs`: its lock, its logs, its group commit and its checkpoints. It fails as a whole.
 *
 * Ends with `close`, which leaves the clean-shutdown marker if every log in it was opened and closed without an error.
 */
export class LogDir {
  readonly path: string;
  readonly #env: LogDirEnvironment;
  readonly #lock: FileLock;
  readonly #commit: GroupCommit;
  readonly #logs = new Map<string, Log>();
  readonly #unusable = new Map<string, UnusableLog>();
  readonly #cuts: Cut[] = [];
  #missing: readonly string[] = [];
  /** As they were found; of logs that are not open they have to be written again. */
  #loaded: CheckpointValues = NO_CHECKPOINTS;
  #wasClean = false;
  #closed: Promise<void> | undefined;
  readonly #recoveryPoints: SavedOffsets;
  readonly #logStarts: SavedOffsets;
  readonly #highWatermarks: SavedOffsets;
  readonly #cleaned: CleanedOffsets;
  /** Logs that are on their way out. */
  readonly #removals = new Map<string, Promise<void>>();

  private constructor(path: string, env: LogDirEnvironment, lock: FileLock) {
    this.path = path;
    this.#env = env;
    this.#lock = lock;
    const saved = (name: string, collect: () => OffsetCheckpoint): SavedOffsets =>
      new SavedOffsets(env.store.handles.fs, join(path, name), collect);
    this.#recoveryPoints = saved(RECOVERY_POINT_CHECKPOINT, () =>
      this.#collect('recoveryPoint', (log) => log.recoveryPoint),
    );
    this.#logStarts = saved(LOG_START_CHECKPOINT, () => this.#collect('logStart', (log) => log.startOffsetToSave));
    this.#highWatermarks = saved(HIGH_WATERMARK_CHECKPOINT, () =>
      this.#collect('highWatermark', (log) => log.highWatermark),
    );
    this.#cleaned = new CleanedOffsets(env.store.handles.fs, path);
    this.#commit = new GroupCommit(path, env.parallelCommits, (error) => env.onFailure(this, error));
  }

  /**
   * Takes the directory (made if missing) and opens all logs in it.
   * Rejects with LogDirLockedError, MalformedFileError for a checkpoint of the directory, or the system's error.
   */
  static async open(path: string, env: LogDirEnvironment): Promise<LogDir> {
    const { fs } = env.store.handles;
    await fs.makeDirectory(path);
    await fs.syncDirectory(dirname(path));
    const lock = await fs.lock(join(path, LOCK_FILE));
    if (lock === undefined) throw new LogDirLockedError(path);
    const dir = new LogDir(path, env, lock);
    try {
      await dir.#load();
      return dir;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  get logs(): ReadonlyMap<string, Log> {
    return this.#logs;
  }

  /** Logs that were found but could not be opened. */
  get unusable(): ReadonlyMap<string, UnusableLog> {
    return this.#unusable;
  }

  /** What recovery cut off when the directory was opened. */
  get cuts(): readonly Cut[] {
    return this.#cuts;
  }

  /** Logs that a checkpoint tells of and that were not there when the directory was opened, deleted ones left out. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  /** Whether the directory had been closed cleanly before it was opened. */
  get wasClean(): boolean {
    return this.#wasClean;
  }

  get failure(): LogDirFailedError | undefined {
    return this.#commit.failure;
  }

  /** Takes the directory offline; see GroupCommit. */
  fail(cause: unknown): LogDirFailedError {
    return this.#commit.fail(cause);
  }

  /** Begins an empty log. Rejects with the directory's failure; the directory and the topic id are on the disk then. */
  async create(topicPartition: TopicPartition, topicId: string | undefined): Promise<Log> {
    const { fs } = this.#env.store.handles;
    const name = formatTopicPartition(topicPartition);
    const path = join(this.path, name);
    // As -1 of `t` it would be found again as 1 of `t-`.
    if (parseTopicPartition(name)?.topic !== topicPartition.topic) {
      throw new KafkaError('INVALID_TOPIC_EXCEPTION', `${JSON.stringify(name)} cannot name a partition`);
    }
    return this.#orFail(async () => {
      await fs.makeDirectory(path);
      if (topicId !== undefined) await writePartitionMetadata(fs, join(path, PARTITION_METADATA), topicId);
      await fs.syncDirectory(this.path);
      return this.#openOne(topicPartition, path, { clean: true, acceptLoss: false });
    });
  }

  /** Opens a log that was refused, throwing away what is damaged and all that follows it. */
  async acceptLoss(name: string): Promise<Log> {
    const unusable = this.#unusable.get(name);
    if (unusable === undefined)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `${name} is not among the unusable logs`);
    // The damage may lie below the recovery point: all is read.
    const recoveryPoint = new Map([...this.#loaded.recoveryPoint, [name, offset(0)]]);
    this.#loaded = { ...this.#loaded, recoveryPoint };
    const log = await this.#openOne(unusable.topicPartition, unusable.dir, { clean: false, acceptLoss: true });
    this.#unusable.delete(name);
    // What was lost is counted on no longer, or else the next start would miss it again.
    await this.#orFail(() => this.#recoveryPoints.save());
    return log;
  }

  /**
   * Takes a log out of the directory: renamed at once, so that its name is free, and removed after
   * `file.delete.delay.ms` (`-delete`), or kept for a person to look at (`-stray`). Who asks while a log is on its way out
   * waits for that.
   */
  async remove(name: string, suffix: '-delete' | '-stray'): Promise<void> {
    if (this.#closed !== undefined) throw new LogClosedError(name);
    const removal = this.#removals.get(name) ?? this.#remove(name, suffix).finally(() => this.#removals.delete(name));
    this.#removals.set(name, removal);
    return removal;
  }

  async #remove(name: string, suffix: '-delete' | '-stray'): Promise<void> {
    const log = this.#logs.get(name);
    const found = log ?? this.#unusable.get(name);
    if (found === undefined)
      throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `there is no log ${name} in ${this.path}`);
    await this.#orFail(async () => {
      if (log !== undefined) await (isLogDamage(log.refusal) ? abandonLog(log) : closeLog(log));
      const { fs } = this.#env.store.handles;
      const id = Buffer.from(this.#env.random.bytes(16)).toString('hex');
      const to = join(this.path, suffixedDirectoryName(found.topicPartition, suffix, id));
      await fs.rename(found.dir, to);
      await this.#forgetFiles(found.dir);
      await fs.syncDirectory(this.path);
      this.#logs.delete(name);
      this.#unusable.delete(name);
      this.#loaded = restrictTo(this.#loaded, (other) => other !== name);
      await this.#cleaned.keepOnly((other) => other !== name);
      await this.#saveOffsets();
      const delayMs = this.#env.configOf(found.topicPartition).fileDeleteDelayMs;
      if (suffix === '-delete') this.#removeLater(to, delayMs);
    });
  }

  /** Writes leader epochs, recovery points, log starts and high watermarks down. */
  async checkpoint(): Promise<void> {
    await this.#orFail(async () => {
      await this.#saveEpochs();
      await this.#saveOffsets();
    });
  }

  /** Recovery points are right whatever epochs are not saved: they stay below those. */
  async #saveOffsets(): Promise<void> {
    await this.#recoveryPoints.save();
    await this.#logStarts.save();
    await this.#highWatermarks.save();
  }

  /**
   * Closes all logs, once. Where the directory fails meanwhile it rejects; without the clean-shutdown marker then, and
   * where it had failed before. The lock goes in any case.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      await Promise.allSettled(this.#removals.values());
      if (this.failure !== undefined) return;
      await this.#orFail(async () => {
        const logs = [...this.#logs.values()].filter(({ refusal }) => !isLogDamage(refusal));
        await forEachOf(logs, this.#env.parallelLogs, closeLog);
        await this.checkpoint();
        // A log that is damaged has to be found so again: only a scan finds it.
        const damaged = [...this.#logs.values()].some(({ refusal }) => isLogDamage(refusal));
        if (this.#unusable.size === 0 && !damaged)
          await writeCleanShutdownMarker(this.#env.store.handles.fs, this.path);
      });
    } finally {
      await this.#commit.idle();
      await this.#lock.release();
    }
  }

  async #load(): Promise<void> {
    const { fs } = this.#env.store.handles;
    this.#wasClean = await takeCleanShutdownMarker(fs, this.path);
    this.#loaded = {
      recoveryPoint: await readOffsetCheckpoint(fs, join(this.path, RECOVERY_POINT_CHECKPOINT)),
      logStart: await readOffsetCheckpoint(fs, join(this.path, LOG_START_CHECKPOINT)),
      highWatermark: await readOffsetCheckpoint(fs, join(this.path, HIGH_WATERMARK_CHECKPOINT)),
    };
    await this.#cleaned.load();
    const found: { topicPartition: TopicPartition; path: string }[] = [];
    const seen = new Set<string>();
    for (const { name, isDirectory } of await fs.list(this.path)) {
      const parsed = isDirectory ? parsePartitionDirectory(name) : undefined;
      if (parsed === undefined) continue;
      const path = join(this.path, name);
      // Under another name as well: whoever renamed it may have died before the checkpoint was written.
      seen.add(formatTopicPartition(parsed));
      if (parsed.suffix === '-delete') this.#removeLater(path, this.#env.configOf(parsed).fileDeleteDelayMs);
      if (parsed.suffix === undefined) found.push({ topicPartition: parsed, path });
    }
    this.#missing = [...this.#loaded.recoveryPoint.keys()].filter((name) => !seen.has(name)).sort();
    await forEachOf(found, this.#env.parallelLogs, ({ topicPartition, path }) => this.#loadOne(topicPartition, path));
    this.#loaded = restrictTo(this.#loaded, (name) => this.#unusable.has(name));
    await this.#cleaned.keepOnly((name) => this.#logs.has(name) || this.#unusable.has(name));
    await this.checkpoint();
  }

  async #loadOne(topicPartition: TopicPartition, dir: string): Promise<void> {
    try {
      await this.#openOne(topicPartition, dir, { clean: this.#wasClean, acceptLoss: false });
    } catch (error) {
      if (!isLogDamage(error)) throw error;
      this.#unusable.set(formatTopicPartition(topicPartition), { topicPartition, dir, error });
    }
  }

  async #openOne(
    topicPartition: TopicPartition,
    dir: string,
    how: { readonly clean: boolean; readonly acceptLoss: boolean },
  ): Promise<Log> {
    const name = formatTopicPartition(topicPartition);
    const { log, cut } = await this.#orForget(dir, () =>
      openLog(
        { ...this.#env, commit: this.#commit },
        {
          topicPartition: { topic: topicPartition.topic, partition: topicPartition.partition },
          dir,
          config: this.#env.configOf(topicPartition),
          ...how,
          recoveryPoint: this.#loaded.recoveryPoint.get(name) ?? offset(0),
          startOffset: this.#loaded.logStart.get(name) ?? offset(0),
          cleanedBelow: this.#cleaned.of(name),
          saveRecoveryPoints: () => this.#saveRecoveryPoints(name),
          saveLogStarts: () => this.#logStarts.save(),
        },
      ),
    );
    if (cut !== undefined) this.#cuts.push(cut);
    log.updateHighWatermark(this.#loaded.highWatermark.get(name) ?? offset(0));
    this.#logs.set(name, log);
    return log;
  }

  /** Asked for where a log is about to be cut. */
  async #saveRecoveryPoints(name: string): Promise<void> {
    const log = this.#logs.get(name);
    if (log !== undefined) await this.#cleaned.lower(name, log.recoveryPoint);
    await this.#recoveryPoints.save();
  }

  /** Before the recovery points, which wait for them. Not many at a time: whoever appends has the disk first. */
  async #saveEpochs(): Promise<void> {
    const behind = [...this.#logs.values()].filter(({ parts }) => parts.savedEpochs.isBehind);
    await forEachOf(behind, EPOCH_FILES_AT_A_TIME, ({ parts }) => parts.savedEpochs.save());
  }

  /** The offsets of the open logs, and as they were loaded those of the logs that are not open. */
  #collect(kind: keyof CheckpointValues, of: (log: Log) => Offset | undefined): Map<string, Offset> {
    const entries = new Map(this.#loaded[kind]);
    for (const [name, log] of this.#logs) {
      const value = of(log);
      if (value === undefined) entries.delete(name);
      else entries.set(name, value);
    }
    return entries;
  }

  /** Opening a log that is refused leaves nothing behind: its directory may be renamed, and its name used again. */
  async #orForget<T>(dir: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      await this.#forgetFiles(dir);
      throw error;
    }
  }

  async #forgetFiles(dir: string): Promise<void> {
    this.#env.store.pages.dropUnder(dir);
    await this.#env.store.handles.forgetUnder(dir);
  }

  #removeLater(path: string, delayMs: number): void {
    this.#env.scheduler.after(delayMs, () => {
      void this.#env.store.handles.fs.removeDirectory(path).catch((error: unknown) => this.fail(error));
    });
  }

  async #orFail<T>(act: () => Promise<T>): Promise<T> {
    if (this.failure !== undefined) throw this.failure;
    try {
      return await act();
    } catch (error) {
      if (error instanceof CorruptLogError) throw error;
      if (error instanceof KafkaError && error.error !== 'KAFKA_STORAGE_ERROR') throw error;
      throw this.fail(error);
    }
  }
}
