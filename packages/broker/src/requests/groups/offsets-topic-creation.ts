import type { ClusterView } from '../../cluster/cluster-image.ts';
import { OFFSETS_TOPIC } from '../../cluster/internal-topics.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../../peers/requests.ts';
import { AutoTopicCreation, type NewTopic } from '../metadata/auto-topic-creation.ts';

export type OffsetsTopicOptions = {
  readonly requests: Requests;
  readonly cluster: ClusterView;
  /** How long the controller may take for it. */
  readonly timeoutMs: number;
  /** `offsets.topic.num.partitions` */
  readonly partitions: number;
  /** `offsets.topic.replication.factor` */
  readonly replicationFactor: number;
  /** `offsets.topic.segment.bytes` */
  readonly segmentBytes: number;
  readonly log: Logger;
};

/**
 * Makes what has the controller create the topic that groups are kept in, once somebody looks for a coordinator. Nobody waits
 * for it. It is not asked for with fewer replicas than it is to have: it waits until there are brokers enough.
 */
export function offsetsTopicCreation(options: OffsetsTopicOptions): () => void {
  const { cluster, replicationFactor, log } = options;
  const creation = new AutoTopicCreation({ ...options, newTopic: (name) => offsetsTopic(name, options) });
  let warnedOf: number | undefined;
  return () => {
    const alive = cluster.image.brokers.size;
    if (alive >= replicationFactor) creation.create([OFFSETS_TOPIC]);
    else if (alive !== warnedOf) {
      warnedOf = alive;
      const how = 'start more, or set offsets.topic.replication.factor to fewer';
      log.warn({ alive, replicationFactor }, `there are too few brokers to create ${OFFSETS_TOPIC}: ${how}`);
    }
  };
}

/** Its batches stay as the coordinators made them. */
const offsetsTopic = (
  name: string,
  { partitions, replicationFactor, segmentBytes }: OffsetsTopicOptions,
): NewTopic => ({
  name,
  numPartitions: partitions,
  replicationFactor,
  assignments: [],
  configs: [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'compression.type', value: 'producer' },
    { name: 'segment.bytes', value: `${segmentBytes}` },
  ],
});
