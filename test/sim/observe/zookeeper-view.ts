import { brokerId, type TopicPartition } from '@barnabas/model';
import {
  CONTROLLER_EPOCH_PATH,
  CONTROLLER_PATH,
  decodeController,
  decodeControllerEpoch,
  decodePartitionState,
  decodeTopic,
  type LoggedTxn,
  type PartitionState,
  type Txn,
  type TxnHeader,
} from '@barnabas/zookeeper';
import { check } from '../kernel/check-failure.ts';
import { CHROOT } from '../world/broker-properties.ts';

export type KnownTopic = {
  readonly name: string;
  readonly id: string;
  readonly partitions: ReadonlyMap<number, readonly number[]>;
};

export interface ZooKeeperListener {
  onTopic(topic: KnownTopic): void;
  onTopicDeleted(topic: KnownTopic): void;
  onState(topic: KnownTopic, partition: number, before: PartitionState | undefined, after: PartitionState): void;
  onControllerEpoch(epoch: number): void;
  /** A broker has registered, or its registration is gone. */
  onBroker(id: number, czxid: number | undefined): void;
}

const TOPIC = new RegExp(`^${CHROOT}/brokers/topics/([^/]+)$`);
const STATE = new RegExp(`^${CHROOT}/brokers/topics/([^/]+)/partitions/(\\d+)/state$`);
const BROKER = new RegExp(`^${CHROOT}/brokers/ids/(\\d+)$`);
const CONTROLLER = `${CHROOT}${CONTROLLER_PATH}`;
const CONTROLLER_EPOCH = `${CHROOT}${CONTROLLER_EPOCH_PATH}`;

/** The cluster as ZooKeeper has it, read off what it commits, transaction by transaction. */
export class ZooKeeperView {
  readonly topics = new Map<string, KnownTopic>();
  /** Of each broker that is registered: its epoch, and its session. */
  readonly brokers = new Map<number, { readonly czxid: number; readonly sessionId: bigint }>();
  controllerEpoch = 0;
  /** Who has the znode; undefined where nobody has. */
  controller: number | undefined;
  readonly #states = new Map<string, PartitionState>();
  readonly #listener: ZooKeeperListener;
  readonly #deletedIds = new Set<string>();

  constructor(listener: ZooKeeperListener) {
    this.#listener = listener;
  }

  isDeleted(topicId: string): boolean {
    return this.#deletedIds.has(topicId);
  }

  stateOf({ topic, partition }: TopicPartition): PartitionState | undefined {
    return this.#states.get(`${topic}/${partition}`);
  }

  apply({ header, txn }: LoggedTxn): void {
    this.#apply(txn, header);
  }

  #apply(txn: Txn, header: TxnHeader): void {
    switch (txn.type) {
      case 'multi':
        for (const each of txn.txns) this.#apply(each, header);
        return;
      case 'create':
      case 'setData':
        this.#written(txn.path, txn.data, header);
        return;
      case 'delete':
        this.#removed(txn.path);
        return;
      case 'closeSession':
        for (const path of txn.paths) this.#removed(path);
    }
  }

  #written(path: string, data: Uint8Array | null, { zxid, sessionId }: TxnHeader): void {
    const [, stateTopic, partition] = STATE.exec(path) ?? [];
    if (stateTopic !== undefined) this.#stateWritten(stateTopic, Number(partition), data);
    const [, topic] = TOPIC.exec(path) ?? [];
    if (topic !== undefined) this.#topicWritten(topic, data);
    const [, broker] = BROKER.exec(path) ?? [];
    if (broker !== undefined && !this.brokers.has(Number(broker))) {
      this.brokers.set(Number(broker), { czxid: zxid, sessionId });
      this.#listener.onBroker(Number(broker), zxid);
    }
    if (path === CONTROLLER) this.controller = decodeController(data);
    if (path === CONTROLLER_EPOCH) {
      const epoch = decodeControllerEpoch(data);
      check(
        epoch > this.controllerEpoch || epoch === 0,
        () => `controller epoch ${epoch} after ${this.controllerEpoch}`,
      );
      this.controllerEpoch = epoch;
      this.#listener.onControllerEpoch(epoch);
    }
  }

  #topicWritten(name: string, data: Uint8Array | null): void {
    const { topicId, partitions } = decodeTopic(name, data);
    check(topicId !== undefined, () => `topic ${name} has no id`);
    const id = topicId ?? '';
    check(!this.#deletedIds.has(id), () => `topic ${name} is back under the id ${id} that was deleted (rule 10)`);
    const topic = {
      name,
      id,
      partitions: new Map(Array.from(partitions, ([index, { replicas }]) => [index, replicas])),
    };
    this.topics.set(name, topic);
    this.#listener.onTopic(topic);
  }

  #stateWritten(name: string, partition: number, data: Uint8Array | null): void {
    const topic = this.topics.get(name);
    check(
      topic !== undefined,
      () => `a state of ${name}-${partition} is written, and there is no such topic (rule 10)`,
    );
    if (topic === undefined) return;
    const key = `${name}/${partition}`;
    const before = this.#states.get(key);
    const after = decodePartitionState({ topic: name, partition }, data);
    this.#states.set(key, after);
    this.#listener.onState(topic, partition, before, after);
  }

  #removed(path: string): void {
    if (path === CONTROLLER) this.controller = undefined;
    const [, broker] = BROKER.exec(path) ?? [];
    if (broker !== undefined) {
      this.brokers.delete(Number(broker));
      this.#listener.onBroker(Number(broker), undefined);
    }
    const [, stateTopic, partition] = STATE.exec(path) ?? [];
    if (stateTopic !== undefined) this.#states.delete(`${stateTopic}/${partition}`);
    const topic = this.topics.get(TOPIC.exec(path)?.[1] ?? '');
    if (topic === undefined) return;
    this.topics.delete(topic.name);
    this.#deletedIds.add(topic.id);
    this.#listener.onTopicDeleted(topic);
  }
}

/** Whom the state has in sync, as plain numbers. */
export const isrOf = (state: PartitionState | undefined): readonly number[] => state?.isr ?? [];

export const isInSync = (state: PartitionState | undefined, id: number): boolean =>
  state?.isr.includes(brokerId(id)) ?? false;
