import {
  type BrokerEpoch,
  type BrokerId,
  brokerEpoch,
  type Clock,
  type ErrorName,
  formatTopicPartition,
  type LeaderEpoch,
  type Offset,
  offset,
} from '@barnabas/model';
import type { Log } from '@barnabas/storage';
import type { ClusterImage, ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { BrokerMetrics } from '../../metrics/broker-metrics.ts';
import type { Assignment } from './assignment.ts';
import {
  committedOf,
  type IsrAnswer,
  type IsrMember,
  type IsrProposals,
  type IsrState,
  maximalIsr,
  type PendingIsr,
} from './isr-state.ts';
import { RemoteReplica } from './remote-replica.ts';

/** What every leadership of this broker needs. */
export type LeadershipEnvironment = {
  readonly localId: BrokerId;
  readonly clock: Pick<Clock, 'steadyMs'>;
  readonly cluster: ClusterView;
  readonly proposals: IsrProposals;
  readonly replicaLagTimeMaxMs: number;
  readonly metrics: Pick<BrokerMetrics, 'isrShrunk' | 'isrExpanded' | 'isrUpdateFailed'>;
  readonly logger: Logger;
};

/** Who is told, at once and before anything else happens. */
export interface LeadershipListener {
  /** The high watermark has risen. */
  onHighWatermark(): void;
  /** The committed ISR is smaller than it has to be for acks=all. */
  onUnderMinIsr(): void;
  /** A follower has said that its log begins elsewhere. */
  onFollowerStart(): void;
}

/** A replica that the controller has refused is not proposed again at each of its fetches. */
const INELIGIBLE_PAUSE_MS = 500;

/** Stands for the leader's own epoch in a proposal, until it is sent. */
const OWN_EPOCH = brokerEpoch(-1);

/**
 * This broker as the leader of one partition in one epoch: who follows how far, who is in sync, and what is committed. Made
 * by the partition when it begins to lead and ended by it, `end`, when anything of its assignment changes. All methods are
 * synchronous.
 *
 * Invariant: the high watermark is on every member of the maximal ISR, in what each has said in this epoch; on this broker,
 * in what is as safe as `log.flush` asks for (rules 2 and 5).
 */
export class Leadership {
  readonly epoch: LeaderEpoch;
  /** Where the epoch begins: who has not come so far may lack what was committed before it (rule 3, trap 4). */
  readonly epochStart: Offset;
  readonly #log: Log;
  readonly #assignment: Assignment;
  readonly #env: LeadershipEnvironment;
  readonly #listener: LeadershipListener;
  readonly #remotes = new Map<BrokerId, RemoteReplica>();
  #isr: IsrState;
  #maximalIsr: readonly BrokerId[];
  #stopWatching: (() => void) | undefined;
  #isOver = false;

  constructor(log: Log, assignment: Assignment, env: LeadershipEnvironment, listener: LeadershipListener) {
    this.#log = log;
    this.#assignment = assignment;
    this.#env = env;
    this.#listener = listener;
    this.epoch = assignment.leaderEpoch;
    this.epochStart = log.endOffset;
    const { isr, partitionEpoch } = assignment;
    this.#isr = { kind: 'committed', isr, partitionEpoch };
    this.#maximalIsr = isr;
    const nowMs = env.clock.steadyMs();
    for (const id of assignment.replicas) {
      if (id === env.localId) continue;
      this.#remotes.set(id, new RemoteReplica(id, isr.includes(id) ? nowMs : Number.NEGATIVE_INFINITY));
    }
  }

  /** The last ISR that is known to have held. */
  get isr(): readonly BrokerId[] {
    return committedOf(this.#isr).isr;
  }

  get isrState(): IsrState {
    return this.#isr;
  }

  get replicas(): readonly BrokerId[] {
    return this.#assignment.replicas;
  }

  /** Replicas that are needed for acks=all: no more than there are. */
  get effectiveMinIsr(): number {
    return Math.min(this.#log.config.minInsyncReplicas, this.#assignment.replicas.length);
  }

  get isUnderMinIsr(): boolean {
    return this.isr.length < this.effectiveMinIsr;
  }

  /**
   * What is below it is deleted from all replicas whose brokers are alive, in sync or not; -1 as long as one of them has not said
   * in this epoch where its log begins. Source: Kafka's Partition.lowWatermarkIfLeader.
   */
  get lowWatermark(): number {
    let least: number = this.#log.startOffset;
    for (const { id, logStartOffset } of this.#remotes.values()) {
      if (this.#env.cluster.image.brokers.has(id)) least = Math.min(least, logStartOffset ?? -1);
    }
    return least;
  }

  /**
   * Takes in that a follower fetches from `from`, which its log and ours agree up to. What was fetched under an earlier
   * registration of the broker does not count once a later one has been heard of.
   *
   * @returns why it cannot follow
   */
  followerFetched(id: BrokerId, epoch: BrokerEpoch, from: Offset, logStart: Offset | undefined): ErrorName | undefined {
    const remote = this.#remotes.get(id);
    // The controller may have told it before us that it is one: it asks again.
    if (remote === undefined) return 'UNKNOWN_LEADER_EPOCH';
    if (remote.brokerEpoch !== undefined && epoch < remote.brokerEpoch) return 'NOT_LEADER_OR_FOLLOWER';
    // Not the log end: no fetch reaches beyond what is written, and so nobody would ever be caught up under load.
    const leaderEnd = this.#log.writtenEndOffset;
    const startBefore = remote.logStartOffset;
    const hasMoved = remote.fetched(from, { epoch, logStart, leaderEnd, atMs: this.#env.clock.steadyMs() });
    if (!this.#maximalIsr.includes(id)) this.#expandBy(remote);
    if (hasMoved) this.raiseHighWatermark();
    if (remote.logStartOffset !== startBefore) this.#listener.onFollowerStart();
    return undefined;
  }

  /**
   * Moves the high watermark as far up as rule 2 lets it. To be called whenever one of these has changed: the safe end, a
   * follower's end, the ISR, min.insync.replicas, which brokers are alive.
   */
  raiseHighWatermark(): void {
    if (this.#isOver || this.isUnderMinIsr) return;
    const to = this.#committedEnd();
    if (to <= this.#log.highWatermark) return;
    this.#log.updateHighWatermark(to);
    this.#listener.onHighWatermark();
  }

  /** Proposes an ISR without those who have not been caught up for too long. Called every half of that time. */
  shrinkIfLagging(): void {
    if (this.#isr.kind === 'unresolved') this.#askAgain(this.#isr.pending);
    if (this.#isr.kind === 'committed') this.#shrink();
    // Who was waited for may have been silent for too long by now.
    this.raiseHighWatermark();
  }

  /** It leads no longer, or in another epoch: answers that come yet change nothing. */
  end(): void {
    this.#isOver = true;
    this.#stopWatching?.();
    if (this.#isr.kind === 'pendingExpand' || this.#isr.kind === 'pendingShrink') {
      this.#env.proposals.withdraw(this.#isr.proposal);
    }
  }

  /** The least end of all that count; -1 while one of them has not fetched in this epoch. */
  #committedEnd(): Offset {
    let least = this.#log.safeEndOffset;
    for (const remote of this.#remotes.values()) {
      const end = remote.endOffset ?? offset(-1);
      if (end < least && (this.#maximalIsr.includes(remote.id) || this.#isAboutToJoin(remote))) least = end;
    }
    return least;
  }

  /** Waited for, as else a high watermark that always runs ahead of it would never let it in. */
  #isAboutToJoin(remote: RemoteReplica): boolean {
    const nowMs = this.#env.clock.steadyMs();
    return remote.isCaughtUp(this.#log.endOffset, nowMs, this.#env.replicaLagTimeMaxMs) && this.#isEligible(remote);
  }

  #isEligible(remote: RemoteReplica): boolean {
    return remote.mayBeEligible && this.#env.cluster.image.brokers.has(remote.id);
  }

  #expandBy(remote: RemoteReplica): void {
    const end = remote.endOffset;
    if (this.#isr.kind !== 'committed' || end === undefined) return;
    if (end < this.#log.highWatermark || end < this.epochStart) return;
    if (!this.#isEligible(remote)) return;
    this.#propose('pendingExpand', [...this.#isr.isr, remote.id]);
  }

  #shrink(): void {
    const nowMs = this.#env.clock.steadyMs();
    const isInSync = (id: BrokerId): boolean =>
      id === this.#env.localId ||
      (this.#remotes.get(id)?.isCaughtUp(this.#log.endOffset, nowMs, this.#env.replicaLagTimeMaxMs) ?? false);
    const remaining = this.isr.filter(isInSync);
    if (remaining.length === this.isr.length) return;
    this.#env.logger.info(
      { partition: this.#name, isr: this.isr, remaining, highWatermark: this.#log.highWatermark },
      'replicas are out of sync',
    );
    this.#propose('pendingShrink', remaining);
  }

  /**
   * A member that has not fetched in this epoch has no epoch of its own to be proposed under yet: then nothing is. A topic
   * without an id is of a controller older than 2.8, which cannot be asked like this.
   */
  #propose(kind: PendingIsr['kind'], ids: readonly BrokerId[]): void {
    const { topicPartition, topicId } = this.#assignment;
    if (this.#isr.kind !== 'committed' || topicId === undefined) return;
    const isr: IsrMember[] = [];
    for (const id of ids) {
      const epoch = id === this.#env.localId ? OWN_EPOCH : this.#remotes.get(id)?.brokerEpoch;
      if (epoch === undefined) return;
      isr.push({ id, epoch });
    }
    const { partitionEpoch } = this.#isr;
    const proposal = { topicPartition, topicId, leaderEpoch: this.epoch, partitionEpoch, isr };
    this.#ask({ kind, committed: this.#isr, proposal });
  }

  #ask(pending: PendingIsr): void {
    this.#change(pending);
    this.#env.proposals.propose(pending.proposal, (answer) => this.#onAnswer(pending, answer));
  }

  #askAgain(pending: PendingIsr): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#ask({ ...pending });
  }

  #onAnswer(pending: PendingIsr, answer: IsrAnswer): void {
    if (this.#isOver || this.#isr !== pending) return;
    switch (answer.kind) {
      case 'accepted':
        if (answer.leaderEpoch === this.epoch && answer.partitionEpoch >= pending.committed.partitionEpoch) {
          if (pending.kind === 'pendingExpand') this.#env.metrics.isrExpanded();
          else this.#env.metrics.isrShrunk();
          this.#commit(answer.isr, answer.partitionEpoch);
        } else this.#leaveUnresolved(pending);
        break;
      case 'ineligible':
        this.#takeBack(pending);
        break;
      case 'outOfDate':
        this.#leaveUnresolved(pending);
    }
  }

  /** Certainly not applied: the last state that was committed holds. */
  #takeBack(pending: PendingIsr): void {
    this.#env.metrics.isrUpdateFailed();
    this.#pauseJoiners(pending);
    this.#change(pending.committed);
    this.raiseHighWatermark();
  }

  #pauseJoiners({ proposal, committed }: PendingIsr): void {
    const until = this.#env.clock.steadyMs() + INELIGIBLE_PAUSE_MS;
    for (const { id } of proposal.isr) if (!committed.isr.includes(id)) this.#remotes.get(id)?.pauseUntil(until);
  }

  /**
   * The controller goes by another state. Which one it says in UpdateMetadata, or in a LeaderAndIsr of a later epoch. The
   * same question would get the same answer, so it is not asked in a loop (trap 12).
   */
  #leaveUnresolved(pending: PendingIsr): void {
    this.#env.metrics.isrUpdateFailed();
    this.#change({ kind: 'unresolved', pending });
    this.#stopWatching = this.#env.cluster.onChange((image) => this.#adoptFrom(image));
    this.#adoptFrom(this.#env.cluster.image);
  }

  /** Within an epoch only our own proposals change the state: a later one is what became of them. */
  #adoptFrom({ topics }: ClusterImage): void {
    const { topic, partition } = this.#assignment.topicPartition;
    const found = topics.get(topic);
    const told = found?.partitions.get(partition);
    if (found === undefined || told === undefined || found.topicId !== this.#assignment.topicId) return;
    if (told.leaderEpoch !== this.epoch || !told.isr.includes(this.#env.localId)) return;
    if (told.partitionEpoch > committedOf(this.#isr).partitionEpoch) this.#commit(told.isr, told.partitionEpoch);
  }

  #commit(isr: readonly BrokerId[], partitionEpoch: Assignment['partitionEpoch']): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#change({ kind: 'committed', isr, partitionEpoch });
    this.#env.logger.info(
      { partition: this.#name, isr, partitionEpoch, leaderEpoch: this.epoch },
      'the ISR has changed',
    );
    if (this.isUnderMinIsr) this.#listener.onUnderMinIsr();
    this.raiseHighWatermark();
  }

  #change(state: IsrState): void {
    this.#isr = state;
    this.#maximalIsr = maximalIsr(state);
  }

  get #name(): string {
    return formatTopicPartition(this.#assignment.topicPartition);
  }
}
