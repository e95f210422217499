import { type LoggedTxn, type PartitionState, partitionStatePath } from '@barnabas/zookeeper';
import { check } from '../kernel/check-failure.ts';
import type { Reached } from '../kernel/reached.ts';
import { ShadowLog, shadowOfFiles } from '../observe/shadow-log.ts';
import { isrOf, type KnownTopic, type ZooKeeperListener, ZooKeeperView } from '../observe/zookeeper-view.ts';
import { logDirOf } from '../world/broker-properties.ts';
import type { Machine } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import { PartitionModel, type TopicPromise } from './partition-model.ts';
import type { Remains, ReplicaView } from './replica-view.ts';
import { checkState } from './state-rules.ts';

/**
 * What the simulation knows of the cluster without asking it: from what ZooKeeper commits, and from what is appended to logs and
 * cut off them. Answers what each machine holds, dead or alive.
 */
export class ClusterModel implements ZooKeeperListener {
  readonly zookeeper = new ZooKeeperView(this);
  readonly #world: World;
  readonly #promiseOf: (topic: string) => TopicPromise;
  readonly #models = new Map<string, PartitionModel>();
  readonly #views = new Map<number, Map<PartitionModel, ReplicaView>>();
  readonly #remains = new Map<number, Map<PartitionModel, Remains>>();
  #seen = 0;

  constructor(world: World, promiseOf: (topic: string) => TopicPromise) {
    this.#world = world;
    this.#promiseOf = promiseOf;
  }

  get reached(): Reached {
    return this.#world.reached;
  }

  /** Of topics that exist. */
  *models(): Generator<PartitionModel, void, undefined> {
    for (const topic of this.zookeeper.topics.values()) {
      for (const index of topic.partitions.keys()) yield this.modelOf(topic.id, topic.name, index);
    }
  }

  modelOf(topicId: string, topic: string, partition: number): PartitionModel {
    const key = `${topicId}/${partition}`;
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    const model = new PartitionModel(topicId, topic, partition, this.#promiseOf(topic));
    this.#models.set(key, model);
    return model;
  }

  /** Of the topic that has the name now. */
  modelNamed(topic: string, partition: number): PartitionModel | undefined {
    const found = this.zookeeper.topics.get(topic);
    return found && this.modelOf(found.id, topic, partition);
  }

  /** Takes in what ZooKeeper has committed since. */
  follow(): void {
    const { journal } = this.#world.zookeeper;
    for (; this.#seen < journal.length; this.#seen++) {
      const logged = journal[this.#seen];
      if (logged === undefined) continue;
      this.#note(logged);
      this.zookeeper.apply(logged);
    }
  }

  add(view: ReplicaView): void {
    const { id } = view.life.machine;
    const views = this.#views.get(id) ?? new Map<PartitionModel, ReplicaView>();
    this.#views.set(id, views.set(view.model, view));
    const found = this.#remains.get(id)?.get(view.model);
    if (found !== undefined && found.shadow.end > 0 && view.shadow.end === 0) this.reached.note('replica begins anew');
    this.#remains.get(id)?.delete(view.model);
  }

  viewOf(machine: number, model: PartitionModel): ReplicaView | undefined {
    return this.#views.get(machine)?.get(model);
  }

  viewsOf(model: PartitionModel): ReplicaView[] {
    return [...this.#views.values()].flatMap((views) => views.get(model) ?? []);
  }

  /** What the machine has of the partition, whether its broker runs or not. */
  shadowOf(machine: number, model: PartitionModel): ShadowLog {
    return this.viewOf(machine, model)?.shadow ?? this.#remainsOf(machine, model).shadow;
  }

  /** Up to where the machine's disk has it for certain. */
  durableEndOf(machine: number, model: PartitionModel): number {
    return this.viewOf(machine, model)?.log.durableEndOffset ?? this.#remainsOf(machine, model).durableEnd;
  }

  /** The process has ended, or the power has gone where none ran. What is left is in the files, as they are now. */
  onEnd(machine: Machine, how: { readonly losesPower: boolean }): void {
    const views = this.#views.get(machine.id);
    this.#views.delete(machine.id);
    const listing = machine.disk.listing();
    const remains = this.#remains.get(machine.id) ?? new Map<PartitionModel, Remains>();
    this.#remains.set(machine.id, remains);
    for (const model of this.models()) {
      const view = views?.get(model);
      const before = remains.get(model);
      const onTorn = () => this.reached.note('torn tail');
      const shadow = shadowOfFiles(machine.disk, dirOf(machine.id, model), listing, onTorn);
      const durableEnd = view?.log.durableEndOffset ?? before?.durableEnd ?? 0;
      remains.set(model, { shadow, durableEnd });
      const had = view?.shadow ?? before?.shadow;
      // Of a topic that is being deleted the directory may have another name by now.
      const isThere = listing.some((path) => path.startsWith(`${dirOf(machine.id, model)}/`));
      if (how.losesPower && isThere && had !== undefined && had.end > shadow.end) {
        this.#onLoss(machine.id, model, had, shadow);
      }
    }
  }

  /** The disk of a machine that is down is empty now. */
  onWiped(machine: number): void {
    this.#remains.set(machine, new Map());
    for (const model of this.models()) this.suspect(machine, model);
  }

  /** It has lost what it had said to have. One that is not in sync may yet be taken in for that, until it registers anew (rule 1). */
  suspect(machine: number, model: PartitionModel): void {
    model.suspects.set(machine, this.zookeeper.brokers.get(machine)?.czxid);
    this.#judge(model);
  }

  stateOf(model: PartitionModel): PartitionState | undefined {
    const topic = this.zookeeper.topics.get(model.topic);
    return topic?.id === model.topicId ? this.zookeeper.stateOf(model) : undefined;
  }

  onTopic(_topic: KnownTopic): void {}

  onTopicDeleted({ id }: KnownTopic): void {
    this.reached.note('topic deleted');
    for (const views of this.#views.values()) {
      for (const model of views.keys()) if (model.topicId === id) views.delete(model);
    }
  }

  onState(topic: KnownTopic, partition: number, before: PartitionState | undefined, after: PartitionState): void {
    const model = this.modelOf(topic.id, topic.name, partition);
    checkState({ model, before, after, replicas: topic.partitions.get(partition) ?? [], cluster: this });
    for (const suspect of model.suspects.keys()) this.#trustIfBack(suspect, model);
    this.#judge(model);
  }

  onControllerEpoch(epoch: number): void {
    if (epoch > 1) this.reached.note('controller moved');
  }

  onBroker(id: number, czxid: number | undefined): void {
    this.reached.note(czxid === undefined ? 'registration gone' : 'registration');
    for (const model of this.models()) this.#trustIfBack(id, model);
  }

  /** As long as it is in sync it is counted on for what it had. */
  #trustIfBack(machine: number, model: PartitionModel): void {
    const epoch = this.zookeeper.brokers.get(machine)?.czxid;
    const isBack = epoch !== undefined && epoch !== model.suspects.get(machine);
    if (isBack && !isrOf(this.stateOf(model)).includes(machine)) model.suspects.delete(machine);
  }

  #judge(model: PartitionModel): void {
    const isr = isrOf(this.stateOf(model));
    if (isr.length > 0 && isr.every((id) => model.suspects.has(id))) model.isLost = true;
  }

  /** With `log.flush=group` only what was not acknowledged goes. */
  #onLoss(machine: number, model: PartitionModel, had: ShadowLog, has: ShadowLog): void {
    this.reached.note('unflushed records lost');
    if (this.#world.options.flushMode === 'os') this.suspect(machine, model);
    const kept = Math.min(this.#remainsOf(machine, model).durableEnd, had.end);
    check(
      has.end >= kept || had.end < kept,
      () => `the disk of broker ${machine} has ${model.name} up to ${has.end}, but ${kept} was flushed`,
    );
  }

  #remainsOf(machine: number, model: PartitionModel): Remains {
    return this.#remains.get(machine)?.get(model) ?? NOTHING;
  }

  #note({ header, txn }: LoggedTxn): void {
    const paths = txn.type === 'multi' ? txn.txns.map((each) => ('path' in each ? each.path : each.type)) : [];
    const about = 'path' in txn ? txn.path : paths.join(' ');
    const data = 'data' in txn ? txn.data : undefined;
    this.#world.trace.note(`zk ${header.zxid} ${txn.type} ${about}`, data ?? undefined);
  }
}

const NOTHING: Remains = { shadow: new ShadowLog(), durableEnd: 0 };

export const dirOf = (machine: number, { topic, partition }: PartitionModel): string =>
  `${logDirOf(machine)}/${topic}-${partition}`;

export const stateName = ({ topic, partition }: PartitionModel): string => partitionStatePath({ topic, partition });
