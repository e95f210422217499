import type { BrokerEpoch, BrokerId, ErrorName, TopicPartition } from '@barnabas/model';
import { decideProposal, type IsrDecision, type IsrProposal, type ProposalView } from './alter-partition.ts';

/** One request: proposals of one broker, by topic. */
export type AlterPartitionAsked = {
  readonly brokerId: BrokerId;
  readonly brokerEpoch: BrokerEpoch;
  readonly version: number;
  /** From version 2 on by id, before by name. */
  readonly topics: readonly (TopicName & { readonly partitions: readonly AskedPartition[] })[];
};

export type TopicName = { readonly topic: string } | { readonly topicId: string };

export type AskedPartition = Omit<IsrProposal, 'leader' | 'requestVersion'> & { readonly partition: number };

/** What it needs to know of the cluster. */
export interface AlterPartitionCluster {
  /** Registered brokers with their epochs, those that are shutting down among them. */
  readonly registered: ReadonlyMap<BrokerId, BrokerEpoch>;
  /** undefined where no topic has the id. */
  topicOf(topicId: string): string | undefined;
  viewOf(partition: TopicPartition): ProposalView;
}

export type AlterPartitionDecision =
  | { readonly kind: 'refused'; readonly error: ErrorName }
  | { readonly kind: 'decided'; readonly partitions: readonly DecidedPartition[] };

/** In the order of the request. `topic` is undefined where its id is not known. */
export type DecidedPartition = {
  readonly asked: TopicName;
  readonly topic: string | undefined;
  readonly partition: number;
  readonly decision: IsrDecision;
};

/**
 * Decides a whole request: STALE_BROKER_EPOCH where the asker is not registered under the epoch that it gives, else each
 * partition for itself. Whether this is the controller at all is for the caller to say (NOT_CONTROLLER).
 */
export function decideAlterPartition(
  request: AlterPartitionAsked,
  cluster: AlterPartitionCluster,
): AlterPartitionDecision {
  if (cluster.registered.get(request.brokerId) !== request.brokerEpoch) {
    return { kind: 'refused', error: 'STALE_BROKER_EPOCH' };
  }
  const partitions = request.topics.flatMap(({ partitions, ...asked }) => {
    const topic = 'topic' in asked ? asked.topic : cluster.topicOf(asked.topicId);
    return partitions.map(({ partition, ...proposal }): DecidedPartition => {
      const whole = { ...proposal, leader: request.brokerId, requestVersion: request.version };
      return { asked, topic, partition, decision: decideOne(topic, partition, whole, cluster) };
    });
  });
  return { kind: 'decided', partitions };
}

function decideOne(
  topic: string | undefined,
  partition: number,
  proposal: IsrProposal,
  cluster: AlterPartitionCluster,
): IsrDecision {
  if (topic === undefined) return { kind: 'refused', error: 'UNKNOWN_TOPIC_ID' };
  return decideProposal(proposal, cluster.viewOf({ topic, partition }));
}
