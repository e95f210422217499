import type { BrokerId } from '@barnabas/model';
import type { Partition } from '../cluster/partition.ts';
import { moveReplica, type ReplicaState } from '../state/replica-states.ts';

type Replica = { readonly partition: Partition; readonly broker: BrokerId; state: ReplicaState };

/** The replicas of one topic on their way out; all of them are offline when it begins. */
export class ReplicaDeletions {
  readonly #replicas: readonly Replica[];
  readonly #byName: ReadonlyMap<string, Replica>;

  constructor(partitions: Iterable<Partition>) {
    this.#replicas = [...partitions].flatMap((partition) =>
      partition.assignment.replicas.map((broker): Replica => ({ partition, broker, state: 'Offline' })),
    );
    this.#byName = new Map(this.#replicas.map((replica) => [nameOf(replica), replica]));
  }

  get isComplete(): boolean {
    return this.#replicas.every(({ state }) => state === 'DeletionSuccessful');
  }

  /** Those that their brokers are to delete now. */
  start(isThere: (broker: BrokerId) => boolean): readonly [Partition, BrokerId][] {
    for (const replica of this.#replicas) {
      this.#move(replica, isThere(replica.broker) ? 'DeletionStarted' : 'DeletionIneligible');
    }
    return this.#replicas.flatMap(({ partition, broker, state }): [Partition, BrokerId][] =>
      state === 'DeletionStarted' ? [[partition, broker]] : [],
    );
  }

  /** These brokers are back: those of their replicas that are to be deleted now. */
  retry(brokers: ReadonlySet<BrokerId>): readonly [Partition, BrokerId][] {
    const back = this.#replicas.filter(({ broker, state }) => brokers.has(broker) && state === 'DeletionIneligible');
    for (const replica of back) {
      this.#move(replica, 'Offline');
      this.#move(replica, 'DeletionStarted');
    }
    return back.map(({ partition, broker }) => [partition, broker]);
  }

  startedOn(asked: BrokerId): readonly Partition[] {
    return this.#replicas.flatMap(({ partition, broker, state }) =>
      broker === asked && state === 'DeletionStarted' ? [partition] : [],
    );
  }

  answered(partition: Partition, broker: BrokerId, isDeleted: boolean): void {
    const asked = this.#byName.get(nameOf({ partition, broker }));
    if (asked?.state !== 'DeletionStarted') return;
    this.#move(asked, isDeleted ? 'DeletionSuccessful' : 'DeletionIneligible');
  }

  brokerGone(gone: BrokerId): void {
    for (const replica of this.#replicas) {
      if (replica.broker === gone && replica.state === 'DeletionStarted') this.#move(replica, 'DeletionIneligible');
    }
  }

  end(): void {
    for (const replica of this.#replicas) this.#move(replica, 'NonExistent');
  }

  #move(replica: Replica, to: ReplicaState): void {
    replica.state = moveReplica(replica.state, to);
  }
}

function nameOf({ partition, broker }: Pick<Replica, 'partition' | 'broker'>): string {
  return `${partition.key} ${broker}`;
}
