import type { PeerRequest } from '@barnabas/transport';
import { int64ToWire } from '../../wire/wire-numbers.ts';
import type { SessionRequest } from './asked-session.ts';
import type { FetchedReplica } from './fetched-replica.ts';

/** Topic ids, and the broker epoch in ReplicaState. */
export const FETCH_VERSION = 17;

/** What is the same in all fetches of a fetcher, and what its owner decides for each. */
export type FetchTerms = {
  readonly replicaId: number;
  readonly replicaEpoch: number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
};

export const fetchRequest = (request: SessionRequest, terms: FetchTerms): PeerRequest<'Fetch'> => ({
  replicaState: { replicaId: terms.replicaId, replicaEpoch: BigInt(terms.replicaEpoch) },
  maxWaitMs: terms.maxWaitMs,
  minBytes: terms.minBytes,
  maxBytes: terms.maxBytes,
  sessionId: request.sessionId,
  sessionEpoch: request.sessionEpoch,
  topics: byTopic(
    request.listed,
    ({ replica }) => replica,
    ({ replica, position }) => ({
      partition: replica.partition.topicPartition.partition,
      currentLeaderEpoch: replica.leaderEpoch,
      fetchOffset: BigInt(position.fetchOffset),
      lastFetchedEpoch: position.lastFetchedEpoch ?? -1,
      logStartOffset: int64ToWire(position.logStartOffset),
      partitionMaxBytes: terms.partitionMaxBytes,
    }),
  ),
  forgottenTopicsData: byTopic(
    request.forgotten,
    (replica) => replica,
    ({ partition }) => partition.topicPartition.partition,
  ),
});

const byTopic = <T, P>(
  items: readonly T[],
  replicaOf: (item: T) => FetchedReplica,
  partitionOf: (item: T) => P,
): { topic: string; topicId: string; partitions: P[] }[] => {
  const topics = new Map<string, { topic: string; topicId: string; partitions: P[] }>();
  for (const item of items) {
    const { topicId } = replicaOf(item);
    const topic = topics.get(topicId) ?? { topic: '', topicId, partitions: [] };
    topic.partitions.push(partitionOf(item));
    topics.set(topicId, topic);
  }
  return [...topics.values()];
};
