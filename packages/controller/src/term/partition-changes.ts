import type { BrokerId } from '@barnabas/model';
import type { Partition } from '../cluster/partition.ts';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import { newPartition } from '../state/new-partition.ts';
import { type Settled, settle } from '../state/settle.ts';
import { type StateOutcome, writeStates } from '../znodes/state-writer.ts';
import { readUncleanLeaderElection } from '../znodes/topic-config.ts';
import type { TermParts } from './term-parts.ts';

/** What a partition is to have next. */
export type NextState = { readonly next: LeaderAndIsr; readonly isUnclean: boolean };

/**
 * `replicas`: a new leader epoch, of which all that have a replica hear by LeaderAndIsr, and everybody else as metadata.
 * `others`: the leader has asked for it and gets an answer; everybody hears of it as metadata. `nobody`: the caller tells.
 */
export type WhoIsTold = 'replicas' | 'others' | 'nobody';

/**
 * Brokers that have been away, and are back, are dealt with twice: as gone first, and then as come. In the first pass nobody
 * is to be elected uncleanly: who has all the records may be among those that are back.
 */
export type SettleOptions = {
  /** Brokers that do not count as present. */
  readonly absentOf?: (partition: Partition) => ReadonlySet<BrokerId>;
  readonly isCleanOnly?: (partition: Partition) => boolean;
};

type Decision = {
  /** undefined where there is nothing to write. */
  readonly next: NextState | undefined;
  readonly waitsFor: Settled['waitsFor'];
};

type Decisions = ReadonlyMap<Partition, Decision>;

const NOBODY: ReadonlySet<BrokerId> = new Set();

/** Each round adopts what another hand has written; nobody writes for ever. */
const MAX_ROUNDS = 10;

/**
 * How the states of partitions change: decided, written, and only then adopted and announced. The one place where a term changes them.
 */
export class PartitionChanges {
  readonly #parts: TermParts;

  constructor(parts: TermParts) {
    this.#parts = parts;
  }

  /** Gives each partition the state that it should have; see the function `settle`. */
  async settle(partitions: Iterable<Partition>, options: SettleOptions = {}): Promise<void> {
    let rest = [...partitions];
    for (let round = 0; rest.length > 0; round++) {
      if (round === MAX_ROUNDS) throw changedAllTheTime(rest);
      const decisions = await this.#decideAll(rest, options);
      const outcomes = await this.write(statesIn(decisions), 'replicas');
      this.#askLogEnds(decisions);
      rest = changedOf(outcomes);
    }
  }

  /**
   * Gives each of the partitions the state that `decide` has for it, where it has one. It is asked again about those that
   * another hand has changed meanwhile.
   */
  async change(
    partitions: Iterable<Partition>,
    decide: (partition: Partition) => LeaderAndIsr | undefined,
    whoIsTold: WhoIsTold,
  ): Promise<void> {
    let rest = [...partitions];
    for (let round = 0; rest.length > 0; round++) {
      if (round === MAX_ROUNDS) throw changedAllTheTime(rest);
      const states = rest.flatMap((partition): [Partition, NextState][] => {
        const next = decide(partition);
        return next === undefined || next === partition.leaderAndIsr ? [] : [[partition, { next, isUnclean: false }]];
      });
      rest = changedOf(await this.write(new Map(states), whoIsTold));
    }
  }

  /** Writes these states, once. What another hand has changed meanwhile is adopted as it is; the outcome says so. */
  async write(
    states: ReadonlyMap<Partition, NextState>,
    whoIsTold: WhoIsTold,
  ): Promise<ReadonlyMap<Partition, StateOutcome>> {
    const changes = Array.from(states, ([partition, { next }]) => {
      return { partition, next, isNew: partition.leaderAndIsr === undefined };
    });
    const outcomes = await writeStates(this.#parts.fenced, changes);
    const { present } = this.#parts.cluster;
    for (const [partition, outcome] of outcomes) {
      if (outcome.kind === 'lost') this.#lose(partition, outcome.why);
      else
        this.#adopt(partition, outcome, { present, whoIsTold, isUnclean: states.get(partition)?.isUnclean === true });
    }
    return outcomes;
  }

  async #decideAll(partitions: readonly Partition[], options: SettleOptions): Promise<Decisions> {
    const { absentOf = () => NOBODY, isCleanOnly = () => false } = options;
    const decide = (partition: Partition, allowUnclean: boolean): [Partition, Decision] => {
      return [partition, this.#decide(partition, absentOf(partition), allowUnclean)];
    };
    const decisions = new Map(partitions.map((partition) => decide(partition, false)));
    const stuck = partitions.filter((partition) => isStuck(decisions.get(partition)) && !isCleanOnly(partition));
    const allowing = await this.#topicsAllowingUnclean(stuck);
    for (const partition of stuck) if (allowing.has(partition.topic)) decisions.set(...decide(partition, true));
    return decisions;
  }

  #decide(partition: Partition, absent: ReadonlySet<BrokerId>, allowUnclean: boolean): Decision {
    const { cluster, survey } = this.#parts;
    const view = cluster.viewOf(partition, absent);
    if (view === undefined) return this.#decideNew(partition);
    const { next, isUnclean, waitsFor } = settle(view, { allowUnclean, logEnds: survey.answersOf(partition) });
    return { next: next === view.current ? undefined : { next, isUnclean }, waitsFor };
  }

  #decideNew(partition: Partition): Decision {
    const next = newPartition(partition.assignment.replicas, this.#parts.cluster.liveFor(partition));
    return { next: next === undefined ? undefined : { next, isUnclean: false }, waitsFor: undefined };
  }

  /** Only now that the partition is known to have no leader: nothing is appended any longer. */
  #askLogEnds(decisions: Decisions): void {
    const { survey } = this.#parts;
    for (const [partition, { waitsFor }] of decisions) {
      const current = partition.leaderAndIsr;
      const isToAsk = waitsFor?.kind === 'askLogEnds' && current !== undefined && current.leader === undefined;
      if (isToAsk) survey.ask(partition, current.leaderEpoch, waitsFor.of);
      else survey.forget(partition);
    }
  }

  async #topicsAllowingUnclean(stuck: readonly Partition[]): Promise<ReadonlySet<string>> {
    const { fenced, options } = this.#parts;
    const topics = [...new Set(stuck.map(({ topic }) => topic))];
    const set = await fenced.readMany(topics, (session, topic) =>
      readUncleanLeaderElection(session, topic, options.logger),
    );
    return new Set(topics.filter((_, index) => set[index] ?? options.config.uncleanLeaderElectionEnable));
  }

  #adopt(
    partition: Partition,
    outcome: Exclude<StateOutcome, { readonly kind: 'lost' }>,
    how: { readonly present: ReadonlySet<BrokerId>; readonly whoIsTold: WhoIsTold; readonly isUnclean: boolean },
  ): void {
    const before = partition.leaderAndIsr;
    const { leaderAndIsr } = outcome;
    partition.adopt(leaderAndIsr, how.present);
    this.#parts.survey.forget(partition);
    if (outcome.kind === 'written') {
      this.#trust(partition, before, leaderAndIsr);
      if (how.isUnclean) this.#tellUnclean(partition, leaderAndIsr);
    }
    this.#announce(
      partition,
      outcome.kind === 'changed' && how.whoIsTold === 'others' ? 'replicas' : how.whoIsTold,
      before,
    );
  }

  #announce(partition: Partition, whoIsTold: WhoIsTold, before: LeaderAndIsr | undefined): void {
    const { announcements } = this.#parts;
    const isNew = before === undefined;
    if (whoIsTold === 'replicas') announcements.leaderAndIsr(partition.assignment.replicas, partition, isNew);
    if (whoIsTold === 'others') announcements.metadata(partition);
  }

  /** Who has joined the ISR has all that it lacked; what a new leader lacks is no longer missed. */
  #trust(partition: Partition, before: LeaderAndIsr | undefined, { leader, isr }: LeaderAndIsr): void {
    const { unclean } = this.#parts.cluster;
    const joined = before === undefined ? isr : isr.filter((id) => !before.isr.includes(id));
    for (const broker of joined) unclean.trust(broker, partition);
    if (leader !== undefined && leader !== before?.leader) unclean.trust(leader, partition);
  }

  #tellUnclean({ topic, partition }: Partition, { leader, leaderEpoch }: LeaderAndIsr): void {
    const { options } = this.#parts;
    options.logger.warn({ topic, partition, leader, leaderEpoch }, 'unclean leader election: records may be lost');
    options.metrics.uncleanLeaderElected();
  }

  #lose(partition: Partition, why: string): void {
    const { cluster, survey, options } = this.#parts;
    options.logger.error({ topic: partition.topic, partition: partition.partition, why }, 'a partition is given up');
    survey.forget(partition);
    cluster.removePartition(partition);
  }
}

function statesIn(decisions: Decisions): ReadonlyMap<Partition, NextState> {
  return new Map([...decisions].flatMap(([partition, { next }]) => (next === undefined ? [] : [[partition, next]])));
}

/** Unclean election might help. */
function isStuck(decision: Decision | undefined): boolean {
  const waitsFor = decision?.waitsFor;
  return waitsFor?.kind === 'notElected' && (waitsFor.why === 'isrIsOffline' || waitsFor.why === 'isrIsUnclean');
}

function changedOf(outcomes: ReadonlyMap<Partition, StateOutcome>): Partition[] {
  return [...outcomes].flatMap(([partition, { kind }]) => (kind === 'changed' ? [partition] : []));
}

function changedAllTheTime(partitions: readonly Partition[]): Error {
  return new Error(
    `somebody else changes ${partitions.length} partitions all the time, ${partitions[0]?.key} among them`,
  );
}
