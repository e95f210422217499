import { dirname, join } from 'node:path';
import { type BrokerId, formatTopicPartition, KafkaError, type TopicPartition } from '@barnabas/model';
import {
  type FileSystem,
  isLogDamage,
  type Log,
  type LogDir,
  type LogManager,
  PARTITION_METADATA,
  readPartitionMetadata,
  type UnusableLog,
  writePartitionMetadata,
} from '@barnabas/storage';
import type { Assignment } from './partition/assignment.ts';

/** A log as it was found when the broker started. */
export type FoundLog = { readonly topicPartition: TopicPartition; readonly topicId: string | undefined } & (
  | { readonly kind: 'usable'; readonly log: Log }
  | { readonly kind: 'unusable'; readonly cause: 'directory' | 'damaged'; readonly message: string }
);

/** Logs whose topic ids are read at a time. */
const PARALLEL_READS = 64;

/** By the controller: the replica leads, or could be elected. */
const isCountedOn = ({ leader, isr }: Assignment, localId: BrokerId): boolean =>
  leader === localId || isr.includes(localId);

/** The logs of the replicas, and which topic each belongs to. */
export class ReplicaLogs {
  readonly #manager: LogManager;
  readonly #fs: FileSystem;

  constructor(manager: LogManager, fs: FileSystem) {
    this.#manager = manager;
    this.#fs = fs;
  }

  /**
   * All that is there. Rejects with MalformedFileError for a `partition.metadata` that is none (whose data it is cannot be told),
   * or the system's error.
   */
  async found(): Promise<FoundLog[]> {
    const found: FoundLog[] = [];
    for (const dir of this.#manager.dirs) {
      const logs = [...dir.logs.values(), ...dir.unusable.values()];
      for (let at = 0; at < logs.length; at += PARALLEL_READS) {
        const part = logs.slice(at, at + PARALLEL_READS);
        found.push(...(await Promise.all(part.map((log) => this.#describe(log, dir)))));
      }
    }
    return found;
  }

  /**
   * The log to lead or follow with: the one that is there, or a new one.
   *
   * One that is damaged is set aside only where nobody counts on it: where another replica leads, and this one is not in
   * sync by the controller's word. As long as it is in the ISR it could be elected, with an empty log (rule 6). The same goes
   * for one that is missing where others are in sync: they have what it had.
   *
   * Rejects with KAFKA_STORAGE_ERROR where it is damaged or missing and counted on, where it may lie in a directory that is
   * offline, or where the disk fails. Whether the directory is online is to be looked at after that: see `throwIfOffline`.
   */
  async provide(assignment: Assignment, localId: BrokerId): Promise<Log> {
    const { topicPartition, topicId, isNew, isr } = assignment;
    const name = formatTopicPartition(topicPartition);
    const log = this.#manager.get(topicPartition);
    const damage = isLogDamage(log?.refusal) ? log.refusal : this.#unusable(name)?.error;
    if (log !== undefined && damage === undefined) return log;
    if (damage !== undefined) {
      if (isCountedOn(assignment, localId))
        throw new KafkaError('KAFKA_STORAGE_ERROR', `the log of ${name} is damaged: ${damage.message}`);
      await this.#manager.setAside(topicPartition);
    } else if (!isNew && this.#manager.failures.length > 0) {
      const message = `there is no log of ${name} in the directories that are online; it may be in one that is not`;
      throw new KafkaError('KAFKA_STORAGE_ERROR', message);
    } else if (this.isMissed(assignment, localId) && isr.some((id) => id !== localId)) {
      throw new KafkaError('KAFKA_STORAGE_ERROR', `there is no log of ${name}, which was in sync; others are`);
    }
    return this.#manager.create(topicPartition, topicId);
  }

  /**
   * Whether there is no log though the replica is counted on, and not just being made. In the first epoch of a leader it may
   * be that the word of a controller that has gone since, of which it is made, never came.
   */
  isMissed(assignment: Assignment, localId: BrokerId): boolean {
    const isOld = !assignment.isNew && assignment.leaderEpoch > 0;
    return isOld && isCountedOn(assignment, localId) && !this.#isThere(assignment.topicPartition);
  }

  /** The log belongs to the topic of that id from now on, also after a restart. */
  async rememberTopicId(log: Log, topicId: string): Promise<void> {
    await writePartitionMetadata(this.#fs, join(log.dir, PARTITION_METADATA), topicId);
  }

  /** Rejects with KAFKA_STORAGE_ERROR. Quietly where there is none. */
  async delete(topicPartition: TopicPartition): Promise<void> {
    if (this.#isThere(topicPartition)) await this.#manager.delete(topicPartition);
  }

  /** Takes it out of the way and keeps its files. */
  async setAside(topicPartition: TopicPartition): Promise<void> {
    if (this.#isThere(topicPartition)) await this.#manager.setAside(topicPartition);
  }

  checkpoint(): Promise<void> {
    return this.#manager.checkpoint();
  }

  /** @throws LogDirFailedError where the log's directory has failed */
  throwIfOffline(log: Log): void {
    const failure = this.#manager.dirs.find(({ path }) => path === dirname(log.dir))?.failure;
    if (failure !== undefined) throw failure;
  }

  #isThere(topicPartition: TopicPartition): boolean {
    const name = formatTopicPartition(topicPartition);
    return this.#manager.get(topicPartition) !== undefined || this.#unusable(name) !== undefined;
  }

  #unusable(name: string): UnusableLog | undefined {
    for (const { unusable } of this.#manager.dirs) {
      const found = unusable.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #describe(log: Log | UnusableLog, { failure }: LogDir): Promise<FoundLog> {
    const { topicPartition } = log;
    if (failure !== undefined) {
      return { kind: 'unusable', cause: 'directory', topicPartition, topicId: undefined, message: failure.message };
    }
    const topicId = await readPartitionMetadata(this.#fs, join(log.dir, PARTITION_METADATA));
    if (!('error' in log)) return { kind: 'usable', topicPartition, topicId, log };
    return { kind: 'unusable', cause: 'damaged', topicPartition, topicId, message: log.error.message };
  }
}
