/** A Fetch request of any version, in the words of this broker. */
import { type BrokerEpoch, type BrokerId, brokerEpoch, brokerId, type LeaderEpoch, type Offset } from '@barnabas/model';
import type { FetchRequest } from '@barnabas/protocol';
import { leaderEpochFromWire, offsetFromWire } from '../../wire/wire-numbers.ts';

export type AskedFetch = {
  /** A follower; -1 stands for an epoch that it does not tell. */
  readonly replica: { readonly id: BrokerId; readonly epoch: BrokerEpoch } | undefined;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly sessionId: number;
  readonly sessionEpoch: number;
  /** Whether topics go by id. */
  readonly usesTopicIds: boolean;
  readonly partitions: readonly AskedPartition[];
  /** Keys of those that leave the session. */
  readonly forgotten: readonly string[];
};

/** A partition as it was named, by id or by name, and what is asked of it. */
export type AskedPartition = {
  readonly key: string;
  readonly topicId: string | undefined;
  /** undefined where it goes by id. */
  readonly topicName: string | undefined;
  readonly partition: number;
  readonly terms: FetchTerms;
};

export type FetchTerms = {
  /** undefined for what can be no offset. */
  readonly fetchOffset: Offset | undefined;
  readonly maxBytes: number;
  readonly currentLeaderEpoch: LeaderEpoch | undefined;
  readonly lastFetchedEpoch: LeaderEpoch | undefined;
  readonly logStartOffset: Offset | undefined;
};

const TOPIC_IDS_FROM = 13;
const REPLICA_STATE_FROM = 15;
const READ_COMMITTED = 1;
/** A reader within a session that it does not open, and outside of one. */
export const FINAL_EPOCH = -1;
export const INITIAL_EPOCH = 0;

type Topic = Pick<FetchRequest['topics'][number], 'topic' | 'topicId'>;
type PartitionOnWire = FetchRequest['topics'][number]['partitions'][number];

/** @param limitBytes the most that an answer may have, whatever is asked for */
export const askedFetch = (request: FetchRequest, version: number, limitBytes: number): AskedFetch => {
  const usesTopicIds = version >= TOPIC_IDS_FROM;
  const maxBytes = Math.min(Math.max(0, request.maxBytes), limitBytes);
  return {
    replica: replicaOf(request, version),
    maxWaitMs: Math.max(0, request.maxWaitMs),
    minBytes: Math.min(Math.max(0, request.minBytes), maxBytes),
    maxBytes,
    isolation: request.isolationLevel === READ_COMMITTED ? 'read_committed' : 'read_uncommitted',
    sessionId: request.sessionId,
    sessionEpoch: request.sessionEpoch,
    usesTopicIds,
    partitions: request.topics.flatMap((topic) =>
      topic.partitions.map((partition) => askedPartition(topic, partition, usesTopicIds)),
    ),
    forgotten: request.forgottenTopicsData.flatMap((topic) =>
      topic.partitions.map((partition) => keyOf(topic, partition, usesTopicIds)),
    ),
  };
};

const replicaOf = ({ replicaId, replicaState }: FetchRequest, version: number): AskedFetch['replica'] => {
  const isTold = version >= REPLICA_STATE_FROM;
  const id = isTold ? replicaState.replicaId : replicaId;
  if (id < 0) return undefined;
  return { id: brokerId(id), epoch: brokerEpoch(isTold ? Number(replicaState.replicaEpoch) : -1) };
};

const askedPartition = (topic: Topic, partition: PartitionOnWire, usesTopicIds: boolean): AskedPartition => ({
  key: keyOf(topic, partition.partition, usesTopicIds),
  topicId: usesTopicIds ? topic.topicId : undefined,
  topicName: usesTopicIds ? undefined : topic.topic,
  partition: partition.partition,
  terms: {
    fetchOffset: offsetFromWire(partition.fetchOffset),
    maxBytes: Math.max(0, partition.partitionMaxBytes),
    currentLeaderEpoch: leaderEpochFromWire(partition.currentLeaderEpoch),
    lastFetchedEpoch: leaderEpochFromWire(partition.lastFetchedEpoch),
    logStartOffset: offsetFromWire(partition.logStartOffset),
  },
});

const keyOf = ({ topic, topicId }: Topic, partition: number, usesTopicIds: boolean): string =>
  `${usesTopicIds ? topicId : topic}/${partition}`;
