import type { ClusterImage } from '../cluster/cluster-image.ts';

/**
 * Whether the image has the topic of this id, not another one of its name, with a leader for each of its first `partitions`
 * partitions.
 */
export function hasLeaders(
  image: ClusterImage,
  name: string,
  topicId: string | undefined,
  partitions: number,
): boolean {
  const topic = image.topics.get(name);
  if (topic === undefined || topic.topicId !== topicId) return false;
  for (let partition = 0; partition < partitions; partition++) {
    if (topic.partitions.get(partition)?.leader === undefined) return false;
  }
  return true;
}
