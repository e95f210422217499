import type { ErrorName } from '@barnabas/model';
import type { AlterPartitionRequest } from '@barnabas/protocol';
import type { Partition } from '../cluster/partition.ts';
import {
  type AlteredPartition,
  alterPartitionAnswer,
  alterPartitionError,
  toAsked,
} from '../handlers/alter-partition.ts';
import type { AlterPartitionAnswer } from '../handlers/answers.ts';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import type { ProposalView } from '../state/alter-partition.ts';
import { type DecidedPartition, decideAlterPartition } from '../state/alter-partition-request.ts';
import type { StateOutcome } from '../znodes/state-writer.ts';
import type { NextState, PartitionChanges } from './partition-changes.ts';
import type { TermParts } from './term-parts.ts';

/** AlterPartition: leaders propose other ISRs. */
export class IsrProposals {
  readonly #parts: TermParts;
  readonly #changes: PartitionChanges;

  constructor(parts: TermParts, changes: PartitionChanges) {
    this.#parts = parts;
    this.#changes = changes;
  }

  async decide(request: AlterPartitionRequest, version: number): Promise<AlterPartitionAnswer> {
    const { cluster, announcements } = this.#parts;
    const registered = new Map(Array.from(cluster.brokers, ([id, { epoch }]) => [id, epoch]));
    const decision = decideAlterPartition(toAsked(request, version, registered), {
      registered,
      topicOf: (topicId) => cluster.topicNameOf(topicId),
      viewOf: ({ topic, partition }) => this.#viewOf(cluster.partition({ topic, partition })),
    });
    if (decision.kind === 'refused') return alterPartitionError(decision.error);
    const states = this.#toWrite(decision.partitions);
    const outcomes = await this.#changes.write(states, 'others');
    const altered = decision.partitions.map((decided) => this.#resultOf(decided, states, outcomes));
    await this.#changes.settle(
      [...outcomes].flatMap(([partition, { kind }]) => (kind === 'changed' ? [partition] : [])),
    );
    announcements.flush();
    return alterPartitionAnswer(altered);
  }

  /** What is being deleted counts as unknown. */
  #viewOf(partition: Partition | undefined): ProposalView {
    const { cluster } = this.#parts;
    const isLasting = partition !== undefined && cluster.topics.get(partition.topic)?.isDeleting === false;
    if (!isLasting) return { assignment: [], current: undefined, live: new Map() };
    const registered = [...cluster.brokers.values()];
    const live = new Map(registered.flatMap((b) => (b.isShuttingDown ? [] : [[b.id, b.epoch] as const])));
    return { assignment: partition.assignment.replicas, current: partition.leaderAndIsr, live };
  }

  /** The first proposal, where a request has several for one partition. */
  #toWrite(decided: readonly DecidedPartition[]): ReadonlyMap<Partition, NextState> {
    const states = new Map<Partition, NextState>();
    for (const one of decided) {
      const partition = this.#partitionOf(one);
      if (partition === undefined || one.decision.kind !== 'write' || states.has(partition)) continue;
      states.set(partition, { next: one.decision.next, isUnclean: false });
    }
    return states;
  }

  #resultOf(
    decided: DecidedPartition,
    states: ReadonlyMap<Partition, NextState>,
    outcomes: ReadonlyMap<Partition, StateOutcome>,
  ): AlteredPartition {
    const { asked, partition: number, decision } = decided;
    const with_ = (result: AlteredPartition['result']) => ({ asked, partition: number, result });
    switch (decision.kind) {
      case 'refused':
        return with_({ error: decision.error });
      case 'asItIs':
        return with_({ leaderAndIsr: decision.current });
      case 'write': {
        const partition = this.#partitionOf(decided);
        const isFirst = partition !== undefined && states.get(partition)?.next === decision.next;
        return with_(resultOf(isFirst ? outcomes.get(partition) : undefined));
      }
    }
  }

  #partitionOf({ topic, partition }: DecidedPartition): Partition | undefined {
    return topic === undefined ? undefined : this.#parts.cluster.partition({ topic, partition });
  }
}

function resultOf(
  outcome: StateOutcome | undefined,
): { readonly error: ErrorName } | { readonly leaderAndIsr: LeaderAndIsr } {
  switch (outcome?.kind) {
    case 'written':
      return { leaderAndIsr: outcome.leaderAndIsr };
    case 'lost':
      return { error: 'UNKNOWN_TOPIC_OR_PARTITION' };
    case 'changed':
    case undefined:
      return { error: 'INVALID_UPDATE_VERSION' };
  }
}
