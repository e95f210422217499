import type { BrokerId } from '@barnabas/model';
import { formatEndpoint } from '@barnabas/zookeeper';
import type { Partition } from '../cluster/partition.ts';
import type { RegisteredBroker } from '../cluster/registered-broker.ts';
import { readRegistrations } from '../znodes/read-registrations.ts';
import type { PartitionChanges } from './partition-changes.ts';
import type { TermParts } from './term-parts.ts';
import type { TopicDeletions } from './topic-deletions.ts';

/**
 * Brokers come, go, come back and move. Which ones is found by comparing who is registered, and under which epoch, with who
 * was: one that is back under another epoch has been away, whether or not anybody saw it, so that it is treated as gone
 * first and then as come (KAFKA-7235).
 */
export class BrokerChanges {
  readonly #parts: TermParts;
  readonly #changes: PartitionChanges;
  readonly #deletions: TopicDeletions;
  readonly #dirty: () => void;

  /** @param dirty called when `changed` has to be */
  constructor(parts: TermParts, changes: PartitionChanges, deletions: TopicDeletions, dirty: () => void) {
    this.#parts = parts;
    this.#changes = changes;
    this.#deletions = deletions;
    this.#dirty = dirty;
  }

  /** Who is there when the term begins. */
  async load(): Promise<void> {
    for (const broker of await this.#registered()) this.#add(broker);
  }

  /** Which replicas are marked when the term begins: all of those that have the mark in their znode. */
  markAll(): void {
    for (const broker of this.#parts.cluster.brokers.values()) this.#mark(broker);
  }

  /**
   * Those that may hear of the cluster before the marks are dealt with. A broker with the mark takes the first word that names
   * it for that, and lifts the mark.
   */
  unmarked(): readonly BrokerId[] {
    return [...this.#parts.cluster.brokers.values()].flatMap(({ id, isUnclean }) => (isUnclean ? [] : [id]));
  }

  async changed(): Promise<void> {
    const { brokers } = this.#parts.cluster;
    const registered = await this.#registered();
    const epochs = new Map(registered.map(({ id, epoch }) => [id, epoch]));
    const gone = [...brokers.values()].filter(({ id, epoch }) => epochs.get(id) !== epoch);
    const came = registered.filter(({ id, epoch }) => brokers.get(id)?.epoch !== epoch);
    const modified = registered.filter(({ id, epoch, version }) => {
      const known = brokers.get(id);
      return known?.epoch === epoch && known.version !== version;
    });
    if (gone.length > 0)
      await this.#fail(
        gone.map(({ id }) => id),
        new Set(epochs.keys()),
      );
    if (came.length > 0) await this.#start(came);
    for (const broker of modified) this.#modify(broker);
    this.#parts.announcements.flush();
  }

  #registered(): Promise<readonly RegisteredBroker[]> {
    const { fenced, options } = this.#parts;
    return readRegistrations(fenced, this.#dirty, options.logger);
  }

  /** @param back those that are registered now, of whom some may be among those that have gone */
  async #fail(gone: readonly BrokerId[], back: ReadonlySet<BrokerId>): Promise<void> {
    const { cluster, senders, announcements, options } = this.#parts;
    options.logger.info({ brokers: gone }, 'brokers have gone');
    const affected = this.#partitionsOn(new Set(gone));
    for (const id of gone) {
      cluster.removeBroker(id);
      senders.stop(id);
      this.#deletions.brokerGone(id);
      for (const partition of cluster.partitions()) partition.failedReplicas.delete(id);
    }
    const returning = new Set(gone.filter((id) => back.has(id)));
    const isCleanOnly = ({ assignment }: Partition) => assignment.replicas.some((id) => returning.has(id));
    await this.#changes.settle(affected, { isCleanOnly });
    for (const partition of affected) announcements.metadata(partition);
    announcements.brokers();
    // Before anything else: partitions are without a leader until the new ones hear of it.
    announcements.flush();
  }

  async #start(came: readonly RegisteredBroker[]): Promise<void> {
    const { announcements, options } = this.#parts;
    const brokers = came.map((broker) => ({ id: broker.id, epoch: broker.epoch, isUnclean: this.#isInDoubt(broker) }));
    options.logger.info({ brokers }, 'brokers have come');
    for (const broker of came) {
      this.#add(broker);
      this.#mark(broker);
    }
    const ids = new Set(came.map(({ id }) => id));
    await this.#changes.settle(this.#partitionsOn(ids));
    for (const id of ids) {
      this.#tellAll(id);
      announcements.everyReplica(id);
    }
    announcements.brokers();
    this.#deletions.brokersCame(ids);
  }

  /** Only where it is reached elsewhere by its peers is it told anew: what its sender had not yet sent is dropped. */
  #modify(broker: RegisteredBroker): void {
    const { cluster, announcements, options } = this.#parts;
    const known = cluster.brokers.get(broker.id);
    const { id, endpoints, isUnclean } = broker;
    // It also does when it lifts its mark, which is of no interest to others.
    const hasMoved = known?.endpoints.map(formatEndpoint).join() !== endpoints.map(formatEndpoint).join();
    options.logger[hasMoved ? 'info' : 'debug'](
      { broker: id, endpoints, isUnclean },
      'a broker has changed its registration',
    );
    cluster.setBroker({ ...broker, isShuttingDown: known?.isShuttingDown === true });
    announcements.brokers();
    if (known !== undefined && this.#reachedAt(known) === this.#reachedAt(broker)) return;
    this.#parts.senders.start(broker);
    this.#tellAll(broker.id);
    this.#deletions.stopAgain(broker.id);
  }

  #reachedAt({ endpoints }: RegisteredBroker): string {
    const { peerListener } = this.#parts.options;
    return endpoints
      .filter(({ listener }) => listener === peerListener)
      .map(formatEndpoint)
      .join();
  }

  #add(broker: RegisteredBroker): void {
    this.#parts.cluster.setBroker(broker);
    this.#parts.senders.start(broker);
  }

  /** The mark of a broker that has nothing, as it starts for the first time, says nothing. */
  #isInDoubt({ id, isUnclean }: RegisteredBroker): boolean {
    return isUnclean && this.#partitionsOn(new Set([id])).length > 0;
  }

  #mark({ id, isUnclean }: RegisteredBroker): void {
    const { cluster } = this.#parts;
    if (isUnclean) cluster.unclean.mark(id, this.#partitionsOn(new Set([id])));
  }

  /** All that the broker has replicas of, and all that there is. */
  #tellAll(broker: BrokerId): void {
    const { announcements } = this.#parts;
    announcements.everything(broker);
    for (const partition of this.#partitionsOn(new Set([broker]))) announcements.leaderAndIsr([broker], partition);
  }

  #partitionsOn(brokers: ReadonlySet<BrokerId>): readonly Partition[] {
    const partitions = [...this.#parts.cluster.lastingPartitions()];
    return partitions.filter(({ assignment }) => assignment.replicas.some((id) => brokers.has(id)));
  }
}
