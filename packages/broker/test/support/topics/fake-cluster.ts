import { brokerId, leaderEpoch, partitionEpoch } from '@barnabas/model';
import { decodeTopic, type TopicZnode } from '@barnabas/zookeeper';
import {
  type ClusterImage,
  type ClusterTopic,
  type ClusterView,
  EMPTY_CLUSTER,
} from '../../../src/cluster/cluster-image.ts';
import type { TopicEnsemble } from './topic-ensemble.ts';

const TOPIC_PATH = /^\/brokers\/topics\/([^/]+)$/;

/** A view of a cluster of the brokers that are given, that a test changes. */
export class FakeCluster implements ClusterView {
  image: ClusterImage;
  readonly #listeners = new Set<(image: ClusterImage) => void>();

  constructor(brokers: readonly number[], rackOf: (id: number) => string | undefined = () => undefined) {
    const ids = brokers.map(brokerId);
    this.image = {
      ...EMPTY_CLUSTER,
      controllerId: ids[0],
      brokers: new Map(ids.map((id) => [id, { id, endpoints: [], rack: rackOf(id) }])),
    };
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  onChange(listener: (image: ClusterImage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  put(...topics: readonly ClusterTopic[]): void {
    const all = [...topics, ...this.image.topics.values()];
    this.#become(new Map(all.map((topic) => [topic.name, topic]).toReversed() as [string, ClusterTopic][]));
  }

  remove(name: string): void {
    const topics = new Map(this.image.topics);
    topics.delete(name);
    this.#become(topics);
  }

  /** As a controller would tell it: all topics that are in ZooKeeper, each partition led by its first replica. */
  learnFrom(ensemble: TopicEnsemble): void {
    const topics = [...(ensemble.zookeeper.image()?.nodes ?? [])].flatMap(([path, { data }]) => {
      const name = TOPIC_PATH.exec(path)?.[1];
      return name === undefined ? [] : [clusterTopic(name, decodeTopic(name, data))];
    });
    this.#become(new Map(topics.map((topic) => [topic.name, topic])));
  }

  #become(topics: ReadonlyMap<string, ClusterTopic>): void {
    const named = [...topics.values()].flatMap(({ topicId, name }): [string, string][] =>
      topicId === undefined ? [] : [[topicId, name]],
    );
    this.image = { ...this.image, topics, topicNames: new Map(named) };
    for (const listener of this.#listeners) listener(this.image);
  }
}

/** @param hasLeader of each partition */
export function clusterTopic(
  name: string,
  { topicId, partitions }: TopicZnode,
  hasLeader: (partition: number) => boolean = () => true,
): ClusterTopic {
  return {
    name,
    topicId,
    partitions: new Map(
      Array.from(partitions, ([partition, { replicas }]) => [
        partition,
        {
          leader: hasLeader(partition) ? replicas[0] : undefined,
          leaderEpoch: leaderEpoch(0),
          partitionEpoch: partitionEpoch(0),
          isr: replicas,
          replicas,
          offlineReplicas: [],
        },
      ]),
    ),
  };
}
