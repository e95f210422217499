import { ERRORS, type ErrorName, formatTopicPartition, type TopicPartition } from '@barnabas/model';
import type { ElectLeadersRequest } from '@barnabas/protocol';
import type { Partition } from '../cluster/partition.ts';
import { type AskedElection, isElectionNeeded, NOT_ELECTED_ERROR } from '../election/asked-election.ts';
import { electForOffline } from '../election/elect-for-offline.ts';
import { electPreferred } from '../election/elect-preferred.ts';
import type { Election } from '../election/election.ts';
import type { PartitionView } from '../election/partition-view.ts';
import type { BegunEpoch, ElectLeadersAnswer, LeadersElected } from '../handlers/answers.ts';
import { leaderImbalances } from '../rebalance/leader-imbalance.ts';
import type { NextState, PartitionChanges } from './partition-changes.ts';
import type { TermParts } from './term-parts.ts';

const UNCLEAN = 1;

/** One partition of those that were asked for, and what became of it; `NONE`: it has a new leader. */
export type AskedResult = TopicPartition & { readonly error: ErrorName };

/** Elections that somebody asks for: an operator, with ElectLeaders or a znode, or the timer that gives leadership back. */
export class AskedElections {
  readonly #parts: TermParts;
  readonly #changes: PartitionChanges;

  constructor(parts: TermParts, changes: PartitionChanges) {
    this.#parts = parts;
    this.#changes = changes;
  }

  /** Gives partitions back to their preferred leaders, of brokers that lead too few of those. */
  async rebalance(): Promise<void> {
    const { cluster, options, announcements } = this.#parts;
    const led = [...cluster.lastingPartitions()].flatMap((partition) => {
      const view = cluster.viewOf(partition);
      return view === undefined ? [] : [{ partition, view }];
    });
    const imbalances = leaderImbalances(led, options.config.leaderImbalancePerBrokerPercentage);
    const toElect = imbalances.flatMap((imbalance) => imbalance.toElect);
    if (toElect.length === 0) return;
    options.logger.info({ partitions: toElect.length }, 'giving partitions back to their preferred leaders');
    const partitions = toElect.flatMap((asked) => cluster.partition(asked) ?? []);
    await this.#changes.change(partitions, (partition) => this.#elected('preferred', partition)?.next, 'replicas');
    announcements.flush();
  }

  async elect(request: ElectLeadersRequest): Promise<LeadersElected> {
    const election: AskedElection = request.electionType === UNCLEAN ? 'unclean' : 'preferred';
    const results = await this.electAll(election, this.#askedFor(request));
    const begun = results.flatMap(({ topic, partition, error }): BegunEpoch[] => {
      const leaderEpoch = this.#parts.cluster.partition({ topic, partition })?.leaderAndIsr?.leaderEpoch;
      return error === 'NONE' && leaderEpoch !== undefined ? [{ topic, partition, leaderEpoch }] : [];
    });
    const told = results.filter(({ error }) => request.topicPartitions !== null || error !== 'ELECTION_NOT_NEEDED');
    return { answer: electLeadersAnswer(told), begun };
  }

  /** What becomes of each, in their order. */
  async electAll(election: AskedElection, asked: readonly TopicPartition[]): Promise<readonly AskedResult[]> {
    const states = new Map<Partition, NextState>();
    const results = asked.map(({ topic, partition }): AskedResult => {
      const decided = this.#decide(election, { topic, partition });
      if ('error' in decided) return { topic, partition, error: decided.error };
      states.set(decided.partition, decided.state);
      return { topic, partition, error: 'NONE' };
    });
    const outcomes = await this.#changes.write(states, 'replicas');
    const overtaken = [...outcomes].flatMap(([partition, { kind }]) => (kind === 'written' ? [] : [partition]));
    await this.#changes.settle(overtaken.filter((partition) => this.#parts.cluster.partition(partition) === partition));
    this.#parts.announcements.flush();
    const keys = new Set(overtaken.map(({ key }) => key));
    return results.map((result) =>
      keys.has(formatTopicPartition(result)) ? { ...result, error: 'INVALID_UPDATE_VERSION' } : result,
    );
  }

  #askedFor({ topicPartitions }: ElectLeadersRequest): readonly TopicPartition[] {
    if (topicPartitions === null) return [...this.#parts.cluster.lastingPartitions()];
    return topicPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
  }

  #decide(
    election: AskedElection,
    asked: TopicPartition,
  ): { readonly error: ErrorName } | { readonly partition: Partition; readonly state: NextState } {
    const { cluster } = this.#parts;
    const partition = cluster.partition(asked);
    const view = partition === undefined ? undefined : cluster.viewOf(partition);
    if (partition === undefined || view === undefined) return { error: 'UNKNOWN_TOPIC_OR_PARTITION' };
    if (cluster.topics.get(partition.topic)?.isDeleting === true) return { error: 'INVALID_TOPIC_EXCEPTION' };
    if (!isElectionNeeded(election, view)) return { error: 'ELECTION_NOT_NEEDED' };
    const state = this.#elected(election, partition);
    return state === undefined ? { error: NOT_ELECTED_ERROR[election] } : { partition, state };
  }

  #elected(election: AskedElection, partition: Partition): NextState | undefined {
    const view = this.#parts.cluster.viewOf(partition);
    if (view === undefined) return undefined;
    const result = this.#run(election, view, partition);
    return result.kind === 'elected' ? { next: result.next, isUnclean: result.isUnclean } : undefined;
  }

  #run(election: AskedElection, view: PartitionView, partition: Partition): Election {
    switch (election) {
      case 'preferred':
        return electPreferred(view);
      case 'unclean':
        return electForOffline(view, { allowUnclean: true, logEnds: this.#parts.survey.answersOf(partition) });
    }
  }
}

function electLeadersAnswer(results: readonly AskedResult[]): ElectLeadersAnswer {
  const byTopic = Map.groupBy(results, ({ topic }) => topic);
  return {
    throttleTimeMs: 0,
    errorCode: ERRORS.NONE.code,
    replicaElectionResults: Array.from(byTopic, ([topic, ofTopic]) => ({
      topic,
      partitionResult: ofTopic.map(({ partition, error }) => ({
        partitionId: partition,
        errorCode: ERRORS[error].code,
        errorMessage: error === 'NONE' ? null : ERRORS[error].sentence,
      })),
    })),
  };
}
