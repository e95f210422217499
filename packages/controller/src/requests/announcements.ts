import type { BrokerId, ControllerEpoch } from '@barnabas/model';
import type { Cluster } from '../cluster/cluster.ts';
import type { Partition } from '../cluster/partition.ts';
import { type ControlBatch, emptyBatch, type LiveLeader, type ToldBroker, type ToldMetadata } from './control-batch.ts';
import type { Senders } from './senders.ts';
import { toldBroker, toldDeletion, toldLeader, toldLeaderAndIsr, toldMetadata, toldStop } from './told.ts';

/** What all brokers hear. */
type Common = {
  readonly metadata: readonly (readonly [string, ToldMetadata])[];
  readonly brokers: readonly ToldBroker[];
  readonly leaders: ReadonlyMap<number, LiveLeader>;
};

/**
 * What the event that runs has to tell the brokers; `flush` hands it to the senders. Partitions are told as they are at the
 * flush: as ZooKeeper has them.
 */
export class Announcements {
  readonly #cluster: Cluster;
  readonly #senders: Senders;
  readonly #options: { readonly controllerEpoch: ControllerEpoch; readonly peerListener: string };
  /** By broker, partitions and whether they are new to it. */
  readonly #leaderAndIsr = new Map<BrokerId, Map<Partition, boolean>>();
  readonly #metadata = new Set<Partition>();
  readonly #deleted = new Set<Partition>();
  /** By broker, partitions and whether the replica is to be deleted. */
  readonly #stopped = new Map<BrokerId, Map<Partition, boolean>>();
  /** Brokers that are to hear of all partitions. */
  readonly #newcomers = new Set<BrokerId>();
  /** Brokers that are to hear of all replicas that they are to have. */
  readonly #full = new Set<BrokerId>();
  /** Brokers that are to hear who is registered. */
  readonly #toldOfBrokers = new Set<BrokerId>();

  constructor(
    cluster: Cluster,
    senders: Senders,
    options: { readonly controllerEpoch: ControllerEpoch; readonly peerListener: string },
  ) {
    this.#cluster = cluster;
    this.#senders = senders;
    this.#options = options;
  }

  /** Leader and ISR to these brokers, as far as they are registered; to all brokers as metadata. */
  leaderAndIsr(brokers: Iterable<BrokerId>, partition: Partition, isNew = false): void {
    for (const broker of brokers) {
      const partitions = this.#leaderAndIsr.get(broker) ?? new Map<Partition, boolean>();
      this.#leaderAndIsr.set(broker, partitions.set(partition, isNew || partitions.get(partition) === true));
    }
    this.#metadata.add(partition);
  }

  /** To all brokers. */
  metadata(partition: Partition): void {
    this.#metadata.add(partition);
  }

  /** To all brokers: the partition is being deleted, or is gone. */
  deletion(partition: Partition): void {
    this.#deleted.add(partition);
  }

  /** To these brokers, or all: who is registered. */
  brokers(to: Iterable<BrokerId> = this.#cluster.brokers.keys()): void {
    for (const broker of to) this.#toldOfBrokers.add(broker);
  }

  /** To this broker: all partitions, and who is registered. */
  everything(broker: BrokerId): void {
    this.#newcomers.add(broker);
  }

  /**
   * What is told to this broker with `leaderAndIsr` is all that it is to have: it may take what else it has out of the way; and
   * what it is told of metadata is all that there is. Either is left unsaid where something is not named, as its topic is
   * being deleted or could not be read. To be the first word of this controller to a registration.
   */
  everyReplica(broker: BrokerId): void {
    this.#full.add(broker);
  }

  /** The broker is to stop its replica, and to delete it where it `isForGood`. */
  stopReplica(broker: BrokerId, partition: Partition, isForGood: boolean): void {
    const partitions = this.#stopped.get(broker) ?? new Map<Partition, boolean>();
    this.#stopped.set(broker, partitions.set(partition, isForGood));
  }

  flush(): void {
    const common = this.#common();
    for (const id of this.#cluster.brokers.keys()) {
      const batch = this.#batchFor(id, common);
      if (batch !== undefined) this.#senders.send(id, batch);
    }
    for (const told of [this.#leaderAndIsr, this.#metadata, this.#deleted, this.#stopped, this.#newcomers, this.#full])
      told.clear();
    this.#toldOfBrokers.clear();
  }

  #common(): Common {
    const brokers = [...this.#cluster.brokers.values()];
    const leaders = brokers.map((broker) => toldLeader(broker, this.#options.peerListener));
    const { controllerEpoch } = this.#options;
    const deleted = [...this.#deleted].map(
      (partition) => [partition.key, toldDeletion(partition, controllerEpoch)] as const,
    );
    const metadata = [...this.#toldMetadata(this.#metadata), ...deleted];
    return {
      metadata,
      brokers: brokers.map(toldBroker),
      leaders: new Map(leaders.flatMap((leader) => (leader === undefined ? [] : [[leader.brokerId, leader]]))),
    };
  }

  #batchFor(broker: BrokerId, common: Common): ControlBatch | undefined {
    const batch: ControlBatch = { ...emptyBatch(), leaders: common.leaders };
    const isNewcomer = this.#newcomers.has(broker);
    const hasNews = common.metadata.length > 0 || isNewcomer || this.#toldOfBrokers.has(broker);
    if (hasNews) batch.brokers = common.brokers;
    for (const [partition, isNew] of this.#leaderAndIsr.get(broker) ?? []) {
      const told = toldLeaderAndIsr(partition, this.#options.controllerEpoch, isNew);
      if (told !== undefined) batch.leaderAndIsr.set(partition.key, told);
    }
    if (isNewcomer) {
      for (const [key, told] of this.#toldMetadata(this.#cluster.lastingPartitions())) batch.metadata.set(key, told);
    }
    for (const [key, told] of common.metadata) batch.metadata.set(key, told);
    for (const [partition, isForGood] of this.#stopped.get(broker) ?? []) {
      batch.stopReplica.set(partition.key, toldStop(partition, isForGood));
    }
    batch.isFull = this.#full.has(broker) && this.#namesAll(batch, broker);
    batch.isFullMetadata = this.#full.has(broker) && this.#namesAllTopics(batch);
    const isEmpty =
      !batch.isFull && batch.brokers === undefined && batch.leaderAndIsr.size === 0 && batch.stopReplica.size === 0;
    return isEmpty ? undefined : batch;
  }

  #namesAll({ leaderAndIsr }: ControlBatch, broker: BrokerId): boolean {
    if (this.#cluster.hasGaps) return false;
    for (const { key, assignment } of this.#cluster.partitions()) {
      if (assignment.replicas.includes(broker) && !leaderAndIsr.has(key)) return false;
    }
    return true;
  }

  /** What has no state yet, or is being deleted, is to be known to nobody. */
  #namesAllTopics({ metadata }: ControlBatch): boolean {
    if (this.#cluster.hasGaps) return false;
    for (const { key, leaderAndIsr } of this.#cluster.lastingPartitions()) {
      if (leaderAndIsr !== undefined && !metadata.has(key)) return false;
    }
    return true;
  }

  *#toldMetadata(partitions: Iterable<Partition>): Iterable<readonly [string, ToldMetadata]> {
    const { present } = this.#cluster;
    for (const partition of partitions) {
      const told = toldMetadata(partition, this.#options.controllerEpoch, present);
      if (told !== undefined) yield [partition.key, told];
    }
  }
}
