import { type BrokerId, brokerId, leaderEpoch, partitionEpoch } from '@barnabas/model';
import { APIS, type ApiName } from '@barnabas/protocol';
import type { PeerRequest, PeerResponse } from '@barnabas/transport';
import {
  type ClusterImage,
  type ClusterPartition,
  type ClusterTopic,
  type ClusterView,
  EMPTY_CLUSTER,
} from '../../../src/cluster/cluster-image.ts';
import type { RequestOptions, Requests } from '../../../src/peers/requests.ts';
import { type Answer, type Answers, memoryAnswers } from './memory-answers.ts';
import { MemoryPartition } from './memory-partition.ts';

export const BROKERS = [1, 2, 3].map(brokerId);
export const CONTROLLER = brokerId(1);
/** The broker whose door is tested: neither the controller nor always the leader. */
export const OWN = brokerId(2);

export type MemoryTopic = {
  readonly topicId: string;
  readonly partitions: MemoryPartition[];
  readonly replicationFactor: number;
  readonly configs: Record<string, string>;
};

export type Asked = { readonly broker: BrokerId; readonly api: ApiName; readonly request: unknown };

/** What a test has happen instead of an answer, or before it. */
type Intervention = (request: never, broker: BrokerId) => unknown;

/**
 * A cluster as a door sees it: its view, and brokers that answer from memory. Every message goes through its codec, there and
 * back, so that what cannot be sent is not sent here either.
 */
export class MemoryCluster implements ClusterView, Requests {
  readonly topics = new Map<string, MemoryTopic>();
  readonly asked: Asked[] = [];
  /** Whether changes are told to the view at once; else by `tell`. */
  isTelling = true;
  leaderOf: (topic: string, partition: number) => BrokerId | undefined = (_, partition) => BROKERS[partition % 3];
  image: ClusterImage = imageOf(new Map());
  readonly #listeners = new Set<(image: ClusterImage) => void>();
  readonly #interventions = new Map<ApiName, Intervention[]>();
  readonly #answers: Answers = memoryAnswers(this);
  #topicCount = 0;

  get listeners(): number {
    return this.#listeners.size;
  }

  onChange(listener: (image: ClusterImage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addTopic(name: string, partitions = 1, configs: Record<string, string> = {}, replicationFactor = 3): MemoryTopic {
    this.#topicCount += 1;
    const topic: MemoryTopic = {
      topicId: `${String(this.#topicCount).padStart(21, 'T')}A`,
      partitions: Array.from({ length: partitions }, () => new MemoryPartition()),
      replicationFactor,
      configs,
    };
    this.topics.set(name, topic);
    if (this.isTelling) this.tell();
    return topic;
  }

  removeTopic(name: string): void {
    this.topics.delete(name);
    if (this.isTelling) this.tell();
  }

  /** The view learns how the cluster is now. */
  tell(): void {
    const topics = Array.from(this.topics, ([name, topic]) => [name, this.#describe(name, topic)] as const);
    this.image = imageOf(new Map(topics));
    for (const listener of Array.from(this.#listeners)) listener(this.image);
  }

  partition(topic: string, index = 0): MemoryPartition {
    const found = this.topics.get(topic)?.partitions[index];
    if (found === undefined) throw new Error(`the test has no ${topic}-${index}`);
    return found;
  }

  /** Once, instead of the broker's own answer; `undefined` from it leaves the answer to the broker. */
  next<Name extends ApiName>(api: Name, intervention: (request: PeerRequest<Name>, broker: BrokerId) => unknown): void {
    const all = this.#interventions.get(api) ?? [];
    all.push(intervention as Intervention);
    this.#interventions.set(api, all);
  }

  async ask<Name extends ApiName>(
    broker: BrokerId,
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    options: RequestOptions,
  ): Promise<PeerResponse<Name>> {
    const codec = APIS[api];
    const received = codec.request.decode(version, codec.request.encode(version, request as never));
    this.asked.push({ broker, api, request: received });
    const intervened = await this.#interventions.get(api)?.shift()?.(received as never, broker);
    const answer = this.#answers[api] as Answer | undefined;
    if (answer === undefined) throw new Error(`the test's brokers do not answer ${api}`);
    const response = intervened ?? (await answer(received as never, broker, options.signal));
    return codec.response.decode(version, codec.response.encode(version, response as never)) as PeerResponse<Name>;
  }

  #describe(name: string, topic: MemoryTopic): ClusterTopic {
    const partitions = topic.partitions.map((_, index): [number, ClusterPartition] => [
      index,
      {
        leader: this.leaderOf(name, index),
        leaderEpoch: leaderEpoch(0),
        partitionEpoch: partitionEpoch(0),
        isr: BROKERS.slice(0, topic.replicationFactor),
        replicas: BROKERS.slice(0, topic.replicationFactor),
        offlineReplicas: [],
      },
    ]);
    return { name, topicId: topic.topicId, partitions: new Map(partitions) };
  }
}

const imageOf = (topics: ReadonlyMap<string, ClusterTopic>): ClusterImage => ({
  controllerId: CONTROLLER,
  brokers: new Map(
    BROKERS.map((id) => [
      id,
      {
        id,
        rack: id === 3 ? undefined : `rack-${id}`,
        endpoints: [
          { listener: 'PEERS', securityProtocol: 'PLAINTEXT', host: `peers-${id}`, port: 9190 + id },
          { listener: 'REST', securityProtocol: 'PLAINTEXT', host: `host-${id}`, port: 8080 + id },
        ],
      },
    ]),
  ),
  topics,
  topicNames: new Map(Array.from(topics.values(), ({ name, topicId }) => [topicId ?? '', name])),
  deleted: EMPTY_CLUSTER.deleted,
});
