/**
 * The image after an update. Maps that an update does not touch are shared with the image before; of those that it touches
 * only the top level is copied, so that a few partitions among many thousand cost little.
 */
import type { ControllerEpoch } from '@barnabas/model';
import type { ClusterImage, ClusterPartition, ClusterTopic } from './cluster-image.ts';
import type { ClusterUpdate, TopicUpdate } from './cluster-update.ts';

const NO_PARTITIONS: ReadonlyMap<number, ClusterPartition> = new Map();
const NO_IDS: ReadonlySet<string> = new Set();
const REMEMBERED_DELETIONS = 1000;

/**
 * The first update of a controller is right whatever another one has said. After a connection broke, an earlier request of the
 * same controller may come after a later one: then what is older is left out, and what is deleted stays so (rule 10).
 *
 * @param controllerEpoch of who sends the update
 */
export function nextImage(image: ClusterImage, update: ClusterUpdate, controllerEpoch: ControllerEpoch): ClusterImage {
  const isSameController = controllerEpoch === image.deleted.controllerEpoch;
  const deletedBefore = isSameController ? image.deleted.topicIds : NO_IDS;
  const controllerId = update.brokers.has(update.controllerId) ? update.controllerId : undefined;
  const deletedIds = new Set<string>();
  const known = update.isFull ? onlyNamed(image.topics, update.topics) : image.topics;
  const topics = update.topics.length === 0 ? known : new Map(known);
  for (const topicUpdate of update.topics) {
    const { name, topicId } = topicUpdate;
    if (topicId !== undefined && deletedBefore.has(topicId)) continue;
    const before = topics.get(name);
    const next = nextTopic(before, topicUpdate, isSameController);
    put(topics as Map<string, ClusterTopic>, name, next);
    if (before?.topicId !== undefined && before.topicId !== next?.topicId) deletedIds.add(before.topicId);
    if (topicId !== undefined && topicId !== next?.topicId) deletedIds.add(topicId);
  }
  const topicIds = deletedIds.size === 0 ? deletedBefore : lastOf([...deletedBefore, ...deletedIds]);
  const topicNames = known === image.topics ? nextNames(image, topics, update.topics) : namesOf(topics);
  return { controllerId, brokers: update.brokers, topics, topicNames, deleted: { controllerEpoch, topicIds } };
}

/** They guard against copies of requests that were held up on their way, which are not held up for long. */
const lastOf = (topicIds: readonly string[]): ReadonlySet<string> => new Set(topicIds.slice(-REMEMBERED_DELETIONS));

/** Who was away may have missed the word of a deletion. That their ids are over, nobody has said. */
function onlyNamed(topics: ClusterImage['topics'], updates: readonly TopicUpdate[]): ReadonlyMap<string, ClusterTopic> {
  const named = new Set(updates.map(({ name }) => name));
  if ([...topics.keys()].every((name) => named.has(name))) return topics;
  return new Map([...topics].filter(([name]) => named.has(name)));
}

const namesOf = (topics: ReadonlyMap<string, ClusterTopic>): ReadonlyMap<string, string> =>
  new Map(
    [...topics.values()].flatMap(({ topicId, name }) => (topicId === undefined ? [] : [[topicId, name] as const])),
  );

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
