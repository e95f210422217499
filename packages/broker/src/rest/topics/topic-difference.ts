import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { AskedTopic } from './topic-schemas.ts';

/** What is asked for and not so, in words; undefined where all that is asked for is so. What is not said may be anything. */
export const topicDifference = (
  asked: AskedTopic,
  topic: ClusterTopic,
  configs: Readonly<Record<string, string>>,
): string | undefined => {
  const partitions = topic.partitions.size;
  if (asked.partitions !== undefined && asked.partitions !== partitions) {
    return `with ${partitions} partitions instead of ${asked.partitions}`;
  }
  const replicas = topic.partitions.get(0)?.replicas.length;
  if (asked.replicationFactor !== undefined && asked.replicationFactor !== replicas) {
    return `with ${replicas} replicas instead of ${asked.replicationFactor}`;
  }
  const names = asked.configs === undefined ? [] : new Set([...Object.keys(asked.configs), ...Object.keys(configs)]);
  for (const name of names) {
    const wanted = asked.configs?.[name];
    if (String(wanted) !== configs[name]) {
      return `with ${name} ${configs[name] ?? 'not set'} instead of ${wanted ?? 'not set'}`;
    }
  }
  return undefined;
};
