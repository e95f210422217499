import { newTopic } from '@barnabas/controller';
import { KafkaError, type LogConfig, type Random } from '@barnabas/model';
import type { CreateTopicsRequest } from '@barnabas/protocol';
import { encodeConfig, encodeTopic, randomTopicId, type TopicZnode } from '@barnabas/zookeeper';
import type { ClusterImage } from '../../cluster/cluster-image.ts';
import { type PartitionBudget, requireFitting } from '../topic-limits.ts';
import { requireTopicName } from '../topic-name.ts';
import { requireTopicOverrides } from '../topic-overrides.ts';
import { manualAssignment } from './manual-assignment.ts';
import type { PlannedTopic } from './planned-topic.ts';

export type AskedTopic = CreateTopicsRequest['topics'][number];

/** What a broker takes where a request does not say. */
export type NewTopicDefaults = {
  readonly numPartitions: number;
  readonly defaultReplicationFactor: number;
  readonly topicDefaults: LogConfig;
};

export type PlanSurroundings = {
  readonly image: ClusterImage;
  readonly defaults: NewTopicDefaults;
  readonly budget: PartitionBudget;
  readonly random: Random;
};

/** Not said: the broker's default, or what the assignments come to. */
const UNSAID = -1;
/** The log of a cluster without ZooKeeper. */
const CLUSTER_METADATA_TOPIC = '__cluster_metadata';

/**
 * Decides what a topic that was asked for becomes. Of what exists it knows only what this broker was told.
 *
 * @throws KafkaError why it cannot be created
 */
export function planTopic(asked: AskedTopic, surroundings: PlanSurroundings): PlannedTopic {
  const { name } = asked;
  const { image, defaults } = surroundings;
  requireTopicName(name);
  if (name === CLUSTER_METADATA_TOPIC) throw new KafkaError('INVALID_REQUEST', `${name} is no topic for clients.`);
  if (image.topics.has(name)) throw new KafkaError('TOPIC_ALREADY_EXISTS', `The topic ${name} exists already.`);
  const overrides = overridesOf(asked);
  requireTopicOverrides(overrides, defaults.topicDefaults);
  const znode = asked.assignments.length === 0 ? placed(asked, surroundings) : placedByHand(asked, surroundings);
  requireFitting(`The description of ${name}`, encodeTopic(znode));
  requireFitting(`The configuration of ${name}`, encodeConfig(overrides));
  return { name, znode, replicationFactor: znode.partitions.get(0)?.replicas.length ?? 0, overrides };
}

function overridesOf({ configs }: AskedTopic): ReadonlyMap<string, string> {
  const overrides = new Map<string, string>();
  for (const { name, value } of configs) {
    const quoted = JSON.stringify(name.slice(0, 100));
    if (value === null) throw new KafkaError('INVALID_CONFIG', `The property ${quoted} needs a value; leave it out.`);
    if (overrides.has(name)) throw new KafkaError('INVALID_CONFIG', `The property ${quoted} is given twice.`);
    overrides.set(name, value);
  }
  return overrides;
}

function placed(asked: AskedTopic, { image, defaults, budget, random }: PlanSurroundings): PlannedTopic['znode'] {
  const partitions = asked.numPartitions === UNSAID ? defaults.numPartitions : asked.numPartitions;
  const replicas = asked.replicationFactor === UNSAID ? defaults.defaultReplicationFactor : asked.replicationFactor;
  budget.take(Math.max(0, partitions));
  return withId(newTopic([...image.brokers.values()], partitions, replicas, random), random);
}

function placedByHand(asked: AskedTopic, { image, budget, random }: PlanSurroundings): PlannedTopic['znode'] {
  if (asked.numPartitions !== UNSAID || asked.replicationFactor !== UNSAID) {
    const message = 'The replicas are given, so the numbers of partitions and of replicas have to be -1.';
    throw new KafkaError('INVALID_REQUEST', message);
  }
  budget.take(asked.assignments.length);
  const assignments = asked.assignments.map(({ partitionIndex, brokerIds }) => ({
    partition: partitionIndex,
    brokerIds,
  }));
  return withId(
    { topicId: undefined, partitions: manualAssignment(assignments, new Set(image.brokers.keys()), 0) },
    random,
  );
}

function withId({ topicId, partitions }: TopicZnode, random: Random): PlannedTopic['znode'] {
  return { topicId: topicId ?? randomTopicId(random), partitions };
}
