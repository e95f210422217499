import { ERRORS, type ErrorName } from '@barnabas/model';
import { ZERO_UUID } from '@barnabas/protocol';
import type { ClusterImage } from '../../cluster/cluster-image.ts';
import { int64ToWire } from '../../wire/wire-numbers.ts';
import type { Answer } from '../answered.ts';
import { NO_BROKER, nodeEndpoints } from '../node-endpoints.ts';
import type { AnsweredPartition, PartitionAnswer } from './partition-answer.ts';
import type { TopicNames } from './topic-names.ts';

type TopicOnWire = Answer<'Fetch'>['responses'][number];
type PartitionOnWire = TopicOnWire['partitions'][number];

/** What an answer says of where else to go. */
export type LeaderHints = { readonly image: ClusterImage; readonly nameOf: TopicNames; readonly listener: string };

/** From these versions on an answer names the leader that there is now (KIP-951), and where it listens. */
const CURRENT_LEADER_FROM = 12;
const NODE_ENDPOINTS_FROM = 16;
/** Up to this version there is no word for a disk that has failed. */
const NO_STORAGE_ERROR_UP_TO = 5;
const NO_RECORDS = Buffer.alloc(0);

export const fetchResponse = (
  version: number,
  sessionId: number,
  answered: readonly AnsweredPartition[],
  hints: LeaderHints,
): Answer<'Fetch'> => {
  const responses = new Map<string, TopicOnWire & { readonly partitions: PartitionOnWire[] }>();
  const leaders = new Set<number>();
  for (const { asked, answer } of answered) {
    const currentLeader = version < CURRENT_LEADER_FROM ? undefined : leaderHint(asked, answer, hints);
    if (currentLeader !== undefined) leaders.add(currentLeader.leaderId);
    const { topicName: topic = '', topicId = ZERO_UUID } = asked;
    const key = asked.topicId ?? topic;
    const entry = responses.get(key) ?? { topic, topicId, partitions: [] };
    responses.set(key, entry);
    entry.partitions.push({ ...onWire(version, asked.partition, answer), ...(currentLeader && { currentLeader }) });
  }
  const { image, listener } = hints;
  const endpoints =
    version < NODE_ENDPOINTS_FROM || leaders.size === 0
      ? []
      : nodeEndpoints(image, listener).filter(({ nodeId }) => leaders.has(nodeId));
  return {
    throttleTimeMs: 0,
    errorCode: ERRORS.NONE.code,
    sessionId,
    responses: [...responses.values()],
    ...(endpoints.length > 0 && { nodeEndpoints: endpoints }),
  };
};

/** A request that is refused as a whole. */
export const refusedFetch = (error: ErrorName): Answer<'Fetch'> => ({
  throttleTimeMs: 0,
  errorCode: ERRORS[error].code,
  sessionId: 0,
  responses: [],
});

const leaderHint = (
  asked: AnsweredPartition['asked'],
  { error }: PartitionAnswer,
  { image, nameOf }: LeaderHints,
): { leaderId: number; leaderEpoch: number } | undefined => {
  if (error !== 'NOT_LEADER_OR_FOLLOWER' && error !== 'FENCED_LEADER_EPOCH') return undefined;
  const topic = nameOf(asked);
  const known = topic === undefined ? undefined : image.topics.get(topic)?.partitions.get(asked.partition);
  return known && { leaderId: known.leader ?? NO_BROKER, leaderEpoch: known.leaderEpoch };
};

const errorInVersion = (version: number, error: ErrorName | undefined): ErrorName => {
  const isUnknown = error === 'KAFKA_STORAGE_ERROR' && version <= NO_STORAGE_ERROR_UP_TO;
  return isUnknown ? 'NOT_LEADER_OR_FOLLOWER' : (error ?? 'NONE');
};

const onWire = (version: number, partitionIndex: number, answer: PartitionAnswer): PartitionOnWire => {
  const { error, divergingEpoch, abortedTransactions } = answer;
  return {
    partitionIndex,
    errorCode: ERRORS[errorInVersion(version, error)].code,
    highWatermark: int64ToWire(answer.highWatermark),
    lastStableOffset: int64ToWire(answer.lastStableOffset),
    logStartOffset: int64ToWire(answer.logStartOffset),
    ...(divergingEpoch && {
      divergingEpoch: { epoch: divergingEpoch.epoch, endOffset: int64ToWire(divergingEpoch.endOffset) },
    }),
    abortedTransactions:
      abortedTransactions?.map(({ producerId, firstOffset }) => ({
        producerId,
        firstOffset: int64ToWire(firstOffset),
      })) ?? null,
    records: oneBuffer(answer.records),
  };
};

/** The batches as they were read, where they come in one piece. */
const oneBuffer = (records: readonly Uint8Array[]): Uint8Array => {
  const [first, ...others] = records;
  if (first === undefined) return NO_RECORDS;
  return others.length === 0 ? first : Buffer.concat(records);
};
