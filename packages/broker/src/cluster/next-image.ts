/**
 * The image after an update. Maps that an update does not touch are shared with the image before; of those that it touches
 * only the top level is copied, so that a few partitions among many thousand cost little.
 */
import type { ClusterImage, ClusterPartition, ClusterTopic } from './cluster-image.ts';
import type { ClusterUpdate, TopicUpdate } from './cluster-update.ts';

/** What the controller that sends the update has said before, where it is the one that the image comes from. */
export type SameController = {
  /** Ids of the topics that it has had deleted. */
  readonly deletedIds: ReadonlySet<string>;
};

export type NextImage = {
  readonly image: ClusterImage;
  /** Ids of topics that are gone with it. */
  readonly deletedIds: readonly string[];
};

const NO_PARTITIONS: ReadonlyMap<number, ClusterPartition> = new Map();

/**
 * @param before undefined for the first update of a controller, which is right whatever another one has said. After a
 *   connection broke, an earlier request of the same controller may come after a later one: then what is older is left out.
 */
export function nextImage(image: ClusterImage, update: ClusterUpdate, before: SameController | undefined): NextImage {
  const controllerId = update.brokers.has(update.controllerId) ? update.controllerId : undefined;
  const deletedIds = new Set<string>();
  const topics = update.topics.length === 0 ? image.topics : new Map(image.topics);
  for (const topicUpdate of update.topics) {
    const { name, topicId } = topicUpdate;
    if (topicId !== undefined && before?.deletedIds.has(topicId)) continue;
    const known = topics.get(name);
    const next = nextTopic(known, topicUpdate, before !== undefined);
    put(topics as Map<string, ClusterTopic>, name, next);
    if (known?.topicId !== undefined && known.topicId !== next?.topicId) deletedIds.add(known.topicId);
    if (topicId !== undefined && topicId !== next?.topicId) deletedIds.add(topicId);
  }
  return {
    image: { controllerId, brokers: update.brokers, topics, topicNames: nextNames(image, topics, update.topics) },
    deletedIds: [...deletedIds],
  };
}

/** undefined where no partition is left. */
function nextTopic(
  known: ClusterTopic | undefined,
  { name, topicId, partitions: updates }: TopicUpdate,
  isSameController: boolean,
): ClusterTopic | undefined {
  const isAnother = known?.topicId !== undefined && topicId !== undefined && known.topicId !== topicId;
  // The deletion of an earlier topic of that name is no matter of this one.
  if (isAnother && updates.every(({ partition }) => partition === undefined)) return known;
  const base = isAnother ? NO_PARTITIONS : (known?.partitions ?? NO_PARTITIONS);
  const partitions = new Map(base);
  for (const { index, partition } of updates) {
    if (partition !== undefined && isSameController && isOlder(partition, base.get(index))) continue;
    put(partitions, index, partition);
  }
  if (partitions.size === 0) return undefined;
  return { name, topicId: topicId ?? known?.topicId, partitions };
}

/** Both epochs only rise as long as the topic has its id. */
const isOlder = (partition: ClusterPartition, known: ClusterPartition | undefined): boolean =>
  known !== undefined &&
  (partition.leaderEpoch < known.leaderEpoch ||
    (partition.leaderEpoch === known.leaderEpoch && partition.partitionEpoch < known.partitionEpoch));

function nextNames(
  image: ClusterImage,
  topics: ReadonlyMap<string, ClusterTopic>,
  updates: readonly TopicUpdate[],
): ReadonlyMap<string, string> {
  const renamed = updates.filter(({ name }) => topics.get(name)?.topicId !== image.topics.get(name)?.topicId);
  if (renamed.length === 0) return image.topicNames;
  const names = new Map(image.topicNames);
  for (const { name } of renamed) {
    const before = image.topics.get(name)?.topicId;
    const after = topics.get(name)?.topicId;
    if (before !== undefined) names.delete(before);
    if (after !== undefined) names.set(after, name);
  }
  return names;
}

const put = <K, V>(map: Map<K, V>, key: K, value: V | undefined): void => {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
};
