import { type BrokerId, formatTopicPartition, type TopicPartition } from '@barnabas/model';
import type { ReplicaAssignment } from '@barnabas/zookeeper';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import { movePartition, type PartitionState, stateOf } from '../state/partition-states.ts';

/**
 * A partition as the controller knows it. Changed only by the event that runs, and only after ZooKeeper has taken the change.
 */
export class Partition implements TopicPartition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  /** `topic-partition`. */
  readonly key: string;
  readonly assignment: ReplicaAssignment;
  /** Brokers whose directory with their replica has failed. */
  readonly failedReplicas = new Set<BrokerId>();
  #state: PartitionState = movePartition({ kind: 'NonExistent' }, { kind: 'New' });

  constructor(topic: { readonly name: string; readonly id: string }, partition: number, assignment: ReplicaAssignment) {
    this.topic = topic.name;
    this.topicId = topic.id;
    this.partition = partition;
    this.key = formatTopicPartition(this);
    this.assignment = assignment;
  }

  get state(): PartitionState['kind'] {
    return this.#state.kind;
  }

  /** undefined as long as it has no state znode. */
  get leaderAndIsr(): LeaderAndIsr | undefined {
    return 'leaderAndIsr' in this.#state ? this.#state.leaderAndIsr : undefined;
  }

  /** What its znode says. @param present the brokers that are registered */
  adopt(leaderAndIsr: LeaderAndIsr, present: ReadonlySet<BrokerId>): void {
    this.#state = movePartition(this.#state, stateOf(leaderAndIsr, present));
  }

  /** It has been deleted, in whatever state it was. */
  delete(): void {
    this.#state = movePartition(this.#state, { kind: 'Offline', leaderAndIsr: this.leaderAndIsr });
    this.#state = movePartition(this.#state, { kind: 'NonExistent' });
  }
}
