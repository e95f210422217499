/**
 * Writes the states of partitions: many at a time, in transactions of a bounded size, each state with compare-and-set on the
 * version of its own znode, which is the partition epoch that `next` has; a new one with the znodes above it.
 *
 * A transaction that was refused, or of which no answer came, is looked into: what it was to write is read, and what is as it
 * was before is written again, without the one that was to blame. So what somebody else has changed keeps nothing else from
 * being written. A state whose content is the one to be written, under our controller epoch, is our own write.
 */
import type { TopicPartition } from '@barnabas/model';
import {
  type BatchOutcome,
  ControllerMovedError,
  encodePartitionState,
  isZooKeeperError,
  partitionPath,
  partitionStatePath,
  partitionsPath,
  type TransactionOp,
  type TransactionResult,
  topicPath,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { fromZnode, type LeaderAndIsr, toZnode } from '../leader-and-isr.ts';
import type { FencedSession } from './fenced-session.ts';
import { readStateZnode, type StateZnode } from './partition-state-znode.ts';

export type StateChange<P extends TopicPartition> = {
  readonly partition: P;
  readonly next: LeaderAndIsr;
  /** It has no znode yet. */
  readonly isNew: boolean;
};

export type StateOutcome =
  | { readonly kind: 'written'; readonly leaderAndIsr: LeaderAndIsr }
  /** Somebody else has written it; this is what is there. */
  | { readonly kind: 'changed'; readonly leaderAndIsr: LeaderAndIsr }
  /** There is nothing to write to, or what is there cannot be read. */
  | { readonly kind: 'lost'; readonly why: string };

/** Where each step has some 300 bytes, a transaction has 60 KB: small beside what a server takes, large beside its overhead. */
const STEPS_PER_TRANSACTION = 200;
/** A second one finds out what was changed by another hand; more only where it goes on changing. */
const MAX_ROUNDS = 20;

/**
 * The outcome of each change. Rejects as FencedSession does, and with ZooKeeperError for a refusal that has nothing to do with
 * the znodes.
 */
export function writeStates<P extends TopicPartition>(
  fenced: FencedSession,
  changes: readonly StateChange<P>[],
): Promise<ReadonlyMap<P, StateOutcome>> {
  return new StateWriter(fenced, changes).run();
}

class StateWriter<P extends TopicPartition> {
  readonly #fenced: FencedSession;
  readonly #outcomes = new Map<P, StateOutcome>();
  /** What is still to be written, as far as is known. */
  readonly #pending: Set<StateChange<P>>;
  /** Those of `pending` that may have been written. */
  readonly #doubtful = new Set<StateChange<P>>();

  constructor(fenced: FencedSession, changes: readonly StateChange<P>[]) {
    this.#fenced = fenced;
    this.#pending = new Set(changes);
  }

  async run(): Promise<ReadonlyMap<P, StateOutcome>> {
    for (let round = 0; this.#pending.size > 0; round++) {
      if (round === MAX_ROUNDS) throw new Error(`${this.#pending.size} states cannot be written, nobody knows why`);
      await this.#fenced.untilAnswered((session) => this.#round(session));
    }
    return this.#outcomes;
  }

  async #round(session: ZooKeeperSession): Promise<void> {
    await this.#lookInto([...this.#doubtful]);
    const ops = new Map<TransactionOp, StateChange<P> | undefined>();
    for (const op of await this.#missingParents(session)) ops.set(op, undefined);
    for (const change of this.#pending) ops.set(this.#stateOp(change), change);
    if (ops.size === 0) return;
    const outcomes = await this.#fenced.writeBatches([...ops.keys()], STEPS_PER_TRANSACTION);
    for (const outcome of outcomes) {
      for (const [index, op] of outcome.ops.entries()) this.#note(ops.get(op), outcome, index);
    }
    const failure = outcomes.find((outcome) => outcome.type !== 'done' && !isAboutZnodes(outcome.error));
    if (failure !== undefined && failure.type !== 'done') throw failure.error;
  }

  #note(change: StateChange<P> | undefined, outcome: BatchOutcome, index: number): void {
    if (change === undefined) return;
    if (outcome.type !== 'done') {
      this.#doubtful.add(change);
      return;
    }
    const { next } = change;
    const { leader, leaderEpoch, isr, isRecovering } = next;
    const version = versionOf(outcome.results[index]);
    const leaderAndIsr = fromZnode(
      { leader, leaderEpoch, isr, isRecovering, controllerEpoch: this.#fenced.epoch },
      version,
    );
    this.#settle(change, { kind: 'written', leaderAndIsr });
  }

  async #lookInto(changes: readonly StateChange<P>[]): Promise<void> {
    const found = await this.#fenced.readMany(changes, (session, { partition }) => readStateZnode(session, partition));
    for (const [index, change] of changes.entries()) {
      const outcome = this.#judge(change, found[index] ?? { kind: 'none' });
      this.#doubtful.delete(change);
      if (outcome !== undefined) this.#settle(change, outcome);
    }
  }

  /** undefined where it is still to be written. */
  #judge({ next, isNew }: StateChange<P>, found: StateZnode): StateOutcome | undefined {
    switch (found.kind) {
      case 'none':
        return isNew ? undefined : { kind: 'lost', why: 'its state is gone' };
      case 'malformed':
        return { kind: 'lost', why: found.error.message };
      case 'found': {
        const { state, version } = found;
        if (state.controllerEpoch > this.#fenced.epoch) throw new ControllerMovedError();
        const leaderAndIsr = fromZnode(state, version);
        const wanted = encodePartitionState(toZnode(next, this.#fenced.epoch));
        if (Buffer.compare(encodePartitionState(state), wanted) === 0) return { kind: 'written', leaderAndIsr };
        if (!isNew && version === next.partitionEpoch) return undefined;
        return { kind: 'changed', leaderAndIsr };
      }
    }
  }

  #settle(change: StateChange<P>, outcome: StateOutcome): void {
    this.#pending.delete(change);
    this.#doubtful.delete(change);
    this.#outcomes.set(change.partition, outcome);
  }

  /** Of partitions that have no state yet: `partitions` below the topic, and the partition below that. */
  async #missingParents(session: ZooKeeperSession): Promise<TransactionOp[]> {
    const byTopic = Map.groupBy(
      [...this.#pending].filter(({ isNew }) => isNew),
      ({ partition }) => partition.topic,
    );
    const topics = [...byTopic.keys()];
    const present = await Promise.all(topics.map((topic) => partitionsOf(session, topic)));
    return topics.flatMap((topic, index) => this.#missingOf(topic, byTopic.get(topic) ?? [], present[index]));
  }

  #missingOf(
    topic: string,
    changes: readonly StateChange<P>[],
    present: ReadonlySet<string> | 'noParent' | 'noTopic' | undefined,
  ): TransactionOp[] {
    if (present === undefined || present === 'noTopic') {
      for (const change of changes) this.#settle(change, { kind: 'lost', why: 'its topic is gone' });
      return [];
    }
    const parent = present === 'noParent' ? [partitionsPath(topic)] : [];
    const missing = changes.filter(
      ({ partition: { partition } }) => present === 'noParent' || !present.has(`${partition}`),
    );
    const paths = [...parent, ...missing.map(({ partition }) => partitionPath(partition))];
    return paths.map((path) => ({ type: 'create', path, data: null }));
  }

  #stateOp({ partition, next, isNew }: StateChange<P>): TransactionOp {
    const path = partitionStatePath(partition);
    const data = encodePartitionState(toZnode(next, this.#fenced.epoch));
    return isNew ? { type: 'create', path, data } : { type: 'set', path, data, version: next.partitionEpoch };
  }
}

/** Names of the children of `partitions`. */
async function partitionsOf(
  session: ZooKeeperSession,
  topic: string,
): Promise<ReadonlySet<string> | 'noParent' | 'noTopic'> {
  try {
    return new Set((await session.children(partitionsPath(topic))).children);
  } catch (error) {
    if (!isZooKeeperError(error, 'NO_NODE')) throw error;
    return (await session.exists(topicPath(topic))) === undefined ? 'noTopic' : 'noParent';
  }
}

/** The server has refused it because of what is there, or is not. */
function isAboutZnodes(error: unknown): boolean {
  return (
    isZooKeeperError(error, 'BAD_VERSION') ||
    isZooKeeperError(error, 'NO_NODE') ||
    isZooKeeperError(error, 'NODE_EXISTS')
  );
}

/** Of a znode that was just created it is 0. */
function versionOf(result: TransactionResult | undefined): number {
  return result?.type === 'set' ? result.stat.version : 0;
}
