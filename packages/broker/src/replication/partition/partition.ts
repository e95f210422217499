import {
  type BrokerId,
  formatTopicPartition,
  KafkaError,
  type LeaderEpoch,
  NO_LEADER_EPOCH,
  type Offset,
  type TopicPartition,
} from '@barnabas/model';
import type { Appended, Log } from '@barnabas/storage';
import type { Acks, ProduceOptions, ReplicaNews } from '../replicas.ts';
import type { AppendWait, AppendWaits } from '../waits/append-wait.ts';
import { OffsetWaits } from '../waits/offset-waits.ts';
import { SerialQueue } from '../waits/serial-queue.ts';
import type { Assignment } from './assignment.ts';
import { Leadership, type LeadershipEnvironment } from './leadership.ts';
import type { Role } from './role.ts';

/** Who wants to hear of what happens in a partition. */
export interface PartitionListener {
  /** Called after the change, at once: whoever is told must not change the partition. */
  onNews(partition: Partition, news: ReplicaNews): void;
  /** The log was found damaged while it was in use. */
  onDamage(partition: Partition, error: Error): void;
}

/** A deletion of records that waits for the replicas. */
export interface LowWatermarkWait {
  /** The low watermark may have risen, or the broker leads no longer. */
  onChange(): void;
}

/** A fetch that is parked on a partition. */
export interface Parked {
  onNews(news: ReplicaNews): void;
}

/**
 * One partition that this broker has a replica of, and what the broker is to it.
 *
 * Whatever changes role or log for good (a role, a truncation, a new log) runs in `queue`. Appends and fetches do not: they
 * are decided at once, within one turn, from the role as it is then. A role changes within one turn as well, and after all
 * that had to be awaited for it has been done: so a change that fails half-way has not happened, and the epoch is not
 * remembered (trap 14).
 *
 * Invariant: the log of a partition that leads or follows is there and usable; appends as leader are taken in the epoch that
 * the role has, and in no other.
 */
export class Partition implements AppendWaits {
  readonly topicPartition: TopicPartition;
  readonly queue = new SerialQueue();
  /** Fetches that are to be told of news. */
  readonly parked = new Set<Parked>();
  /** Deletions that are to be told where replicas begin. */
  readonly lowWatermarkWaits = new Set<LowWatermarkWait>();
  topicId: string | undefined;
  readonly #env: LeadershipEnvironment;
  readonly #listener: PartitionListener;
  /** Wait for the high watermark: acks=all. */
  readonly #committedWaits = new OffsetWaits();
  /** Wait for this broker's own disk: acks=1. */
  readonly #safeWaits = new OffsetWaits();
  /** Wait for the write alone: acks=0. Who is answered before could send faster than the disk takes, and fill the memory. */
  readonly #writtenWaits = new OffsetWaits();
  #role: Role = { kind: 'none' };
  #assignment: Assignment | undefined;
  #log: Log | undefined;
  #toldWritten: Offset | undefined;

  constructor(
    topicPartition: TopicPartition,
    topicId: string | undefined,
    env: LeadershipEnvironment,
    listener: PartitionListener,
  ) {
    this.topicPartition = topicPartition;
    this.topicId = topicId;
    this.#env = env;
    this.#listener = listener;
  }

  get name(): string {
    return formatTopicPartition(this.topicPartition);
  }

  get role(): Role {
    return this.#role;
  }

  /** undefined unless it leads. */
  get leadership(): Leadership | undefined {
    return this.#role.kind === 'leader' ? this.#role.leadership : undefined;
  }

  get log(): Log | undefined {
    return this.#log;
  }

  /** Of the last change of role that was done; -1 before the first. */
  get leaderEpoch(): LeaderEpoch {
    return this.#assignment?.leaderEpoch ?? NO_LEADER_EPOCH;
  }

  get replicas(): readonly BrokerId[] {
    return this.#assignment?.replicas ?? [];
  }

  /** A log that was found on the disk, before the controller has said anything. */
  hold(log: Log): void {
    this.#log = log;
  }

  /** Leads from now on. The epoch is noted at the log's end, though nothing may be written in it (trap 2). */
  lead(log: Log, assignment: Assignment): void {
    const before = this.leadership;
    before?.end();
    this.#use(log, assignment);
    log.beginEpoch(assignment.leaderEpoch);
    const leadership = new Leadership(log, assignment, this.#env, {
      onHighWatermark: () => this.#onHighWatermark(log),
      onUnderMinIsr: () => this.#onUnderMinIsr(),
      onFollowerStart: () => this.onLowWatermark(),
    });
    this.#role = { kind: 'leader', leadership };
    // Some of what was appended in the epoch before may be waiting for those who are out of sync now.
    if (leadership.isUnderMinIsr) this.#onUnderMinIsr();
    // The ISR may be this broker alone.
    leadership.raiseHighWatermark();
    this.#tell('role');
  }

  /** Follows from now on; what waited for this broker as the leader gets its answer. */
  follow(log: Log, assignment: Assignment): void {
    this.#leave('NOT_LEADER_OR_FOLLOWER', 'the broker leads the partition no longer');
    this.#use(log, assignment);
    this.#role = { kind: 'follower', leader: assignment.leader, isr: assignment.isr };
    this.#tell('role');
  }

  /** Neither leads nor follows until the controller says so again. */
  stop(): void {
    if (this.#role.kind === 'offline') return;
    this.#leave('NOT_LEADER_OR_FOLLOWER', 'the broker has stopped serving the partition');
    this.#role = { kind: 'none' };
    this.#tell('role');
  }

  /** Its log directory has failed, or its log is unusable. Nothing can be read or written. */
  goOffline(cause: 'directory' | 'damaged', message: string): void {
    if (this.#role.kind === 'offline') return;
    this.#leave('KAFKA_STORAGE_ERROR', message);
    this.#role = { kind: 'offline', cause, message };
    this.#tell('role');
  }

  /**
   * The log is damaged: it is refused from now on, and the partition offline until its log has been made anew. No effect where
   * that has been done already, as a read that began before may find out later.
   */
  onDamage(log: Log, error: KafkaError): void {
    log.refuse(error);
    if (log !== this.#log) return;
    this.goOffline('damaged', error.message);
    this.#listener.onDamage(this, error);
  }

  /**
   * Appends a batch as the leader; at `expectedOffset` or not at all, where it is given.
   *
   * @throws NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_ENOUGH_REPLICAS, KAFKA_STORAGE_ERROR, and
   *   what Log.appendAsLeader does; nothing has been appended then (rule 7)
   */
  append(bytes: Buffer, { acks, origin, currentLeaderEpoch }: ProduceOptions, expectedOffset?: Offset): Appended {
    const { leadership, log } = this.#leading(currentLeaderEpoch);
    if (acks === -1 && leadership.isUnderMinIsr) {
      const { isr, effectiveMinIsr } = leadership;
      const message = `${this.name} has ${isr.length} replicas in sync; min.insync.replicas asks for ${effectiveMinIsr}`;
      throw new KafkaError('NOT_ENOUGH_REPLICAS', message);
    }
    return log.appendAsLeader(bytes, leadership.epoch, origin, expectedOffset);
  }

  /** Whether an append up to `end` is as safe now as `acks` asks for. */
  isSafe(end: Offset, acks: Acks): boolean {
    if (this.#log === undefined) return true;
    if (acks === 0) return end <= this.#log.writtenEndOffset;
    return end <= (acks === 1 ? this.#log.safeEndOffset : this.#log.highWatermark);
  }

  /** Lets an append wait until `isSafe`. */
  park(wait: AppendWait, acks: Acks): void {
    if (acks === 0) this.#writtenWaits.add(wait);
    else (acks === 1 ? this.#safeWaits : this.#committedWaits).add(wait);
  }

  remove(wait: AppendWait): void {
    this.#committedWaits.remove(wait);
    this.#safeWaits.remove(wait);
    this.#writtenWaits.remove(wait);
  }

  whyNotYet(): { error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' | 'REQUEST_TIMED_OUT'; message: string } {
    if (this.leadership?.isUnderMinIsr) {
      return { error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', message: `too few replicas of ${this.name} are in sync` };
    }
    return { error: 'REQUEST_TIMED_OUT', message: `the replicas of ${this.name} did not have it in time` };
  }

  /** The topic's configuration is another one. */
  onConfig(config: Log['config']): void {
    if (this.#log === undefined) return;
    this.#log.config = config;
    if (this.leadership?.isUnderMinIsr) this.#onUnderMinIsr();
    this.leadership?.raiseHighWatermark();
  }

  /**
   * Takes over what the leader says of its watermarks, in a log that follows it. The high watermark goes no further than our
   * own end, and never back (rule 2).
   */
  onLeaderHighWatermark(log: Log, highWatermark: Offset): void {
    if (highWatermark > log.highWatermark) log.updateHighWatermark(highWatermark);
  }

  /** The log begins later than it did. */
  onLogStart(): void {
    this.#tell('watermarks');
    this.onLowWatermark();
  }

  /** A replica that was about to join, or to delete records, is waited for no longer once its broker is gone. */
  onBrokersGone(): void {
    this.leadership?.raiseHighWatermark();
    this.onLowWatermark();
  }

  /** To be called where the low watermark of `leadership` may have risen. */
  onLowWatermark(): void {
    for (const wait of [...this.lowWatermarkWaits]) wait.onChange();
  }

  #leading(currentLeaderEpoch: LeaderEpoch | undefined): { leadership: Leadership; log: Log } {
    if (this.#role.kind === 'offline') throw new KafkaError('KAFKA_STORAGE_ERROR', this.#role.message);
    if (this.#role.kind !== 'leader' || this.#log === undefined) {
      throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `the broker does not lead ${this.name}`);
    }
    const { leadership } = this.#role;
    if (currentLeaderEpoch !== undefined && currentLeaderEpoch !== leadership.epoch) {
      const error = currentLeaderEpoch < leadership.epoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH';
      throw new KafkaError(error, `${this.name} is led in epoch ${leadership.epoch}, not ${currentLeaderEpoch}`);
    }
    return { leadership, log: this.#log };
  }

  #use(log: Log, assignment: Assignment): void {
    this.#log = log;
    this.#assignment = assignment;
    this.topicId = assignment.topicId ?? this.topicId;
    log.onProgress(() => this.#onProgress(log));
  }

  #leave(error: 'NOT_LEADER_OR_FOLLOWER' | 'KAFKA_STORAGE_ERROR', message: string): void {
    this.leadership?.end();
    this.#committedWaits.failAll(error, `${message}; it was appended to the log`);
    this.#safeWaits.failAll(error, `${message}; it was appended to the log`);
    this.#writtenWaits.failAll(error, `${message}; it was appended to the log`);
  }

  /** Called by the writer of the log, once for all that was written or flushed together. */
  #onProgress(log: Log): void {
    if (log !== this.#log) return;
    const written = log.writtenEndOffset;
    const hasMore = written !== this.#toldWritten;
    this.#toldWritten = written;
    const leadership = this.leadership;
    if (leadership === undefined) return;
    this.#writtenWaits.reached(written);
    this.#safeWaits.reached(log.safeEndOffset);
    leadership.raiseHighWatermark();
    if (hasMore) this.#tell('records');
  }

  #onHighWatermark(log: Log): void {
    this.#committedWaits.reached(log.highWatermark);
    this.#tell('watermarks');
  }

  #onUnderMinIsr(): void {
    const { error, message } = this.whyNotYet();
    this.#committedWaits.failAll(error, `${message}; it was appended to the log`);
  }

  #tell(news: ReplicaNews): void {
    this.#listener.onNews(this, news);
    if (news === 'role') this.onLowWatermark();
    if (this.parked.size === 0) return;
    for (const parked of [...this.parked]) parked.onNews(news);
  }
}
