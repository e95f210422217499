import type { BrokerId } from '@barnabas/model';
import { type DirtyEvent, nameOf, TOPICS_PATH } from '@barnabas/zookeeper';
import { Partition } from '../cluster/partition.ts';
import type { Topic } from '../cluster/topic.ts';
import { fromZnode } from '../leader-and-isr.ts';
import { readStateZnode, type StateZnode } from '../znodes/partition-state-znode.ts';
import { type ReadTopic, readTopics } from '../znodes/read-topics.ts';
import type { PartitionChanges } from './partition-changes.ts';
import type { TermParts } from './term-parts.ts';
import type { TopicDeletions } from './topic-deletions.ts';

/** Brokers that are in the ISR of a partition and have registered after its state was written. */
export type Returned = ReadonlyMap<Partition, ReadonlySet<BrokerId>>;

/** Topics are created, get more partitions, and go. */
export class TopicChanges {
  readonly #parts: TermParts;
  readonly #changes: PartitionChanges;
  readonly #deletions: TopicDeletions;
  readonly #listDirty: () => void;
  readonly #topicDirty: () => void;
  /** Names of topics whose znode may have changed. */
  readonly #dirty = new Set<string>();

  /** @param listDirty called when `changed` has to be; @param topicDirty the same for `modified` */
  constructor(
    parts: TermParts,
    changes: PartitionChanges,
    deletions: TopicDeletions,
    { listDirty, topicDirty }: { readonly listDirty: () => void; readonly topicDirty: () => void },
  ) {
    this.#parts = parts;
    this.#changes = changes;
    this.#deletions = deletions;
    this.#listDirty = listDirty;
    this.#topicDirty = topicDirty;
  }

  /**
   * What there is when the term begins, states included; brokers have to be loaded. Those that have registered since a state
   * was written that has them in sync have been away in between: no controller may have seen it.
   */
  async load(): Promise<Returned> {
    const topics = await this.#read(await this.#names());
    const partitions = topics.flatMap((topic) => this.#add(topic));
    const found = await this.#parts.fenced.readMany(partitions, readStateZnode);
    const returned = new Map<Partition, ReadonlySet<BrokerId>>();
    for (const [index, partition] of partitions.entries()) {
      const znode = found[index];
      if (znode !== undefined) this.#take(partition, znode, returned);
    }
    return returned;
  }

  /** Topics have come or gone. */
  async changed(): Promise<void> {
    const names = new Set(await this.#names());
    const { cluster } = this.#parts;
    for (const topic of [...cluster.topics.values()]) if (!names.has(topic.name)) this.#remove(topic);
    const fresh = [...names].filter((name) => !cluster.topics.has(name));
    await this.#update(fresh);
  }

  /** Znodes of topics have changed. */
  async modified(): Promise<void> {
    const names = [...this.#dirty];
    this.#dirty.clear();
    await this.#update(names);
  }

  async #update(names: readonly string[]): Promise<void> {
    const { announcements, options } = this.#parts;
    const fresh = (await this.#read(names)).flatMap((topic) => this.#add(topic));
    if (fresh.length > 0)
      options.logger.info({ partitions: fresh.length, topics: names.slice(0, 10) }, 'new partitions');
    await this.#changes.settle(fresh);
    announcements.flush();
    if (names.some((name) => this.#deletions.isQueued(name))) await this.#deletions.resume();
  }

  async #names(): Promise<readonly string[]> {
    const watch = { watch: this.#listDirty };
    const { children } = await this.#parts.fenced.untilAnswered((session) => session.children(TOPICS_PATH, watch));
    return children.toSorted();
  }

  #read(names: readonly string[]): Promise<readonly ReadTopic[]> {
    const { fenced, cluster, options } = this.#parts;
    const { random, logger } = options;
    const onMalformed = () => cluster.noteGap();
    return readTopics(fenced, names, { watch: this.#onDirty, random, logger, onMalformed });
  }

  /** A field, so that it is one function: it is told once of a topic that is watched twice. */
  readonly #onDirty = ({ path }: DirtyEvent): void => {
    this.#dirty.add(nameOf(path));
    this.#topicDirty();
  };

  /** Partitions that were not known. Where the topic has another id it is another one: the old one is gone. */
  #add({ name, topicId, partitions }: ReadTopic): readonly Partition[] {
    const { cluster } = this.#parts;
    const known = cluster.topics.get(name);
    if (known !== undefined && known.id !== topicId) this.#remove(known);
    const topic = cluster.topics.get(name) ?? cluster.addTopic(name, topicId);
    if (topic.isDeleting) return [];
    const fresh = [...partitions].filter(([number]) => !topic.partitions.has(number)).sort(([a], [b]) => a - b);
    return fresh.map(([number, assignment]) => {
      const partition = new Partition(topic, number, assignment);
      topic.partitions.set(number, partition);
      return partition;
    });
  }

  #take(partition: Partition, znode: StateZnode, returned: Map<Partition, ReadonlySet<BrokerId>>): void {
    const { cluster, options } = this.#parts;
    if (znode.kind === 'malformed') {
      options.logger.error({ err: znode.error }, 'the state of a partition cannot be read; it is given up');
      cluster.removePartition(partition);
    }
    if (znode.kind !== 'found') return;
    const { state, version, mzxid } = znode;
    partition.adopt(fromZnode(state, version), cluster.present);
    const since = state.isr.filter((id) => (cluster.brokers.get(id)?.epoch ?? 0) > mzxid);
    if (since.length > 0) returned.set(partition, new Set(since));
  }

  #remove(topic: Topic): void {
    const { cluster, announcements, survey, options } = this.#parts;
    options.logger.info({ topic: topic.name, topicId: topic.id }, 'a topic is gone');
    this.#deletions.forget(topic);
    for (const partition of topic.partitions.values()) {
      survey.forget(partition);
      announcements.deletion(partition);
    }
    cluster.removeTopic(topic);
  }
}
