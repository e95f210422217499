import type { ClusterImage } from '../cluster/cluster-image.ts';

/** Topics that were there before and are not any more; another one may have their name by now. */
export function deletedTopics({ topics: before }: ClusterImage, { topics: after }: ClusterImage): readonly string[] {
  if (before === after) return [];
  const deleted: string[] = [];
  for (const [name, { topicId }] of before) {
    const now = after.get(name);
    const isAnother = topicId !== undefined && now?.topicId !== undefined && now.topicId !== topicId;
    if (now === undefined || isAnother) deleted.push(name);
  }
  return deleted;
}
