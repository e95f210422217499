/**
 * `/brokers/topics/<topic>`: which brokers hold the partitions of a topic, the preferred leader first.
 *
 *   {"partitions":{"0":[1,2,3]},"topic_id":"tOXbCj0iR4SUXGjo0FMcFg","adding_replicas":{},"removing_replicas":{},"version":3}
 *
 * While a partition is reassigned, `adding_replicas` and `removing_replicas` have an entry for it. Version 1 has only the
 * partitions, version 2 no topic id. Source: Kafka's TopicZNode.
 */
import { type BrokerId, brokerId } from '@barnabas/model';
import { listOf, mapOf, natural } from './json/kinds.ts';
import { Place } from './json/place.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import { inMutableMapOrder } from './order/scala-map-order.ts';
import { topicId } from './topic-id.ts';

export const TOPICS_PATH = '/brokers/topics';

export type ReplicaAssignment = {
  /** In order of preference, those that are being added or removed among them. */
  readonly replicas: readonly BrokerId[];
  readonly addingReplicas: readonly BrokerId[];
  readonly removingReplicas: readonly BrokerId[];
};

export type TopicZnode = {
  /** undefined in a topic of Kafka before 2.8. */
  readonly topicId: string | undefined;
  /** By partition, in no order. */
  readonly partitions: ReadonlyMap<number, ReplicaAssignment>;
};

const PARTITION = /^(0|[1-9]\d{0,9})$/;
const MAX_PARTITION = 2147483647;

const replicasByPartition = mapOf(listOf(natural));

export function topicPath(topic: string): string {
  return `${TOPICS_PATH}/${topic}`;
}

/** The parent of the partitions' znodes; it has no data. */
export function partitionsPath(topic: string): string {
  return `${topicPath(topic)}/partitions`;
}

/** @throws MalformedZnodeError */
export function decodeTopic(topic: string, data: Uint8Array | null): TopicZnode {
  const path = topicPath(topic);
  const json = readJson(path, data);
  const replicas = json.required('partitions', replicasByPartition);
  const adding = json.optional('adding_replicas', replicasByPartition);
  const removing = json.optional('removing_replicas', replicasByPartition);
  const place = new Place(path).at('partitions');
  const partitions = Array.from(replicas, ([key, ids]): [number, ReplicaAssignment] => [
    partitionOf(key, place),
    {
      replicas: ids.map(brokerId),
      addingReplicas: (adding?.get(key) ?? []).map(brokerId),
      removingReplicas: (removing?.get(key) ?? []).map(brokerId),
    },
  ]);
  return { topicId: json.optional('topic_id', topicId), partitions: new Map(partitions) };
}

export function encodeTopic({ topicId, partitions }: TopicZnode): Uint8Array {
  const isSome = (ids: readonly BrokerId[]): boolean => ids.length > 0;
  return writeJson({
    partitions: byPartition(
      partitions,
      ({ replicas }) => replicas,
      () => true,
    ),
    topic_id: topicId,
    adding_replicas: byPartition(partitions, ({ addingReplicas }) => addingReplicas, isSome),
    removing_replicas: byPartition(partitions, ({ removingReplicas }) => removingReplicas, isSome),
    version: 3,
  });
}

function byPartition(
  partitions: ReadonlyMap<number, ReplicaAssignment>,
  idsOf: (assignment: ReplicaAssignment) => readonly BrokerId[],
  isWritten: (ids: readonly BrokerId[]) => boolean,
): ReadonlyMap<string, readonly BrokerId[]> {
  const entries = Array.from(partitions, ([partition, assignment]) => [`${partition}`, idsOf(assignment)] as const);
  return new Map(inMutableMapOrder(entries.filter(([, ids]) => isWritten(ids))));
}

function partitionOf(key: string, place: Place): number {
  if (!PARTITION.test(key) || Number(key) > MAX_PARTITION) throw place.wrong(`${key} is no partition`);
  return Number(key);
}
