import type { BrokerId, LeaderEpoch } from '@barnabas/model';
import type { ClusterImage } from '../cluster/cluster-image.ts';
import type { Partition } from './partition/partition.ts';

/**
 * The replicas whose logs are damaged (rule 6), or missing. As long as such a one is in the ISR it must not begin with an empty log: it
 * could be elected. The controller takes it out when it answers LeaderAndIsr with KAFKA_STORAGE_ERROR; once UpdateMetadata
 * shows that, and that another replica leads, the controller is asked for a LeaderAndIsr again, upon which the damaged log
 * is set aside and fetched anew.
 */
export class DamagedReplicas {
  readonly #localId: BrokerId;
  readonly #askForStates: () => void;
  /** With the leader epoch that was asked for last; the same one is not asked for twice. */
  readonly #damaged = new Map<Partition, LeaderEpoch | undefined>();

  constructor(localId: BrokerId, askForStates: () => void) {
    this.#localId = localId;
    this.#askForStates = askForStates;
  }

  onRole(partition: Partition, image: ClusterImage): void {
    const { role } = partition;
    if (role.kind !== 'offline' || role.cause !== 'damaged') this.#damaged.delete(partition);
    else if (!this.#damaged.has(partition)) {
      this.#damaged.set(partition, undefined);
      this.onCluster(image);
    }
  }

  onCluster({ topics }: ClusterImage): void {
    let mayBeMadeAnew = false;
    for (const [partition, asked] of this.#damaged) {
      const { topic, partition: index } = partition.topicPartition;
      const told = topics.get(topic)?.partitions.get(index);
      if (told?.leader === undefined || told.leader === this.#localId || told.isr.includes(this.#localId)) continue;
      if (told.leaderEpoch === asked) continue;
      this.#damaged.set(partition, told.leaderEpoch);
      mayBeMadeAnew = true;
    }
    if (mayBeMadeAnew) this.#askForStates();
  }
}
