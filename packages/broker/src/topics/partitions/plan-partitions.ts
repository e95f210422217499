import { addPartitions } from '@barnabas/controller';
import { KafkaError } from '@barnabas/model';
import type { CreatePartitionsRequest } from '@barnabas/protocol';
import { encodeTopic, type ReplicaAssignment, type TopicZnode } from '@barnabas/zookeeper';
import type { ClusterImage } from '../../cluster/cluster-image.ts';
import { manualAssignment } from '../create/manual-assignment.ts';
import { type PartitionBudget, requireFitting } from '../topic-limits.ts';

export type AskedPartitions = CreatePartitionsRequest['topics'][number];

/**
 * The topic with more partitions.
 *
 * @throws KafkaError REASSIGNMENT_IN_PROGRESS, INVALID_PARTITIONS, INVALID_REPLICA_ASSIGNMENT, POLICY_VIOLATION, and as
 *   addPartitions
 */
export function planPartitions(
  asked: AskedPartitions,
  topic: TopicZnode,
  image: ClusterImage,
  budget: PartitionBudget,
): TopicZnode {
  for (const [partition, { addingReplicas, removingReplicas }] of topic.partitions) {
    if (addingReplicas.length + removingReplicas.length > 0) throw onTheMove(asked.name, partition);
  }
  budget.take(Math.max(0, asked.count - topic.partitions.size));
  const partitions = new Map([...topic.partitions, ...added(asked, topic, image)]);
  const planned = { topicId: topic.topicId, partitions };
  requireFitting(`The description of ${asked.name}`, encodeTopic(planned));
  return planned;
}

function added(
  { count, assignments }: AskedPartitions,
  topic: TopicZnode,
  image: ClusterImage,
): ReadonlyMap<number, ReplicaAssignment> {
  const first = topic.partitions.size;
  if (assignments === null || count <= first) {
    return addPartitions(topic.partitions, [...image.brokers.values()], count);
  }
  if (assignments.length !== count - first) {
    const message = `The topic has ${first} partitions; for ${count} it takes the replicas of ${count - first} more, not of ${assignments.length}.`;
    throw new KafkaError('INVALID_REPLICA_ASSIGNMENT', message);
  }
  const asked = assignments.map(({ brokerIds }, index) => ({ partition: first + index, brokerIds }));
  const brokers = new Set(image.brokers.keys());
  return manualAssignment(asked, brokers, first, topic.partitions.get(0)?.replicas.length);
}

function onTheMove(name: string, partition: number): KafkaError {
  const message = `The replicas of ${name}-${partition} are being moved: wait until that is done.`;
  return new KafkaError('REASSIGNMENT_IN_PROGRESS', message);
}
