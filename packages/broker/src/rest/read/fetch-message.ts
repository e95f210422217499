/** What readers ask of a leader, and what they make of its answer. */
import { KafkaError } from '@barnabas/model';
import type { PeerRequest, PeerResponse } from '@barnabas/transport';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import { topicIdToWire } from '../../wire/topic-id.ts';
import { errorIn } from '../asking/ask-leader.ts';
import { AbortedTransactions } from './aborted-transactions.ts';
import { type Decoded, decodeFetched, type RecordLimits } from './fetched-records.ts';

export type Isolation = 'read_uncommitted' | 'read_committed';

export type FetchedPartition = PeerResponse<'Fetch'>['responses'][number]['partitions'][number];

export type Fetched = Decoded & { readonly highWatermark: number };

/** What to fetch of one topic at one leader. */
export type FetchSpec = {
  readonly topic: ClusterTopic;
  readonly isolation: Isolation;
  readonly partitions: readonly { readonly partition: number; readonly from: number; readonly maxBytes: number }[];
  readonly maxBytes: number;
  readonly waitMs: number;
};

const FETCH_VERSION = 17;
/** The last one in which topics go by name: for a topic without an id. */
const FETCH_BY_NAME_VERSION = 12;
/** The leader's answer to a fetch that waited has longer to come. */
export const GRACE_MS = 5_000;
/** In bytes beside those of the records: whole batches come, and most are small. */
export const FETCH_SLACK_BYTES = 64 * 1024;

export const fetchVersion = ({ topicId }: ClusterTopic): number =>
  topicId === undefined ? FETCH_BY_NAME_VERSION : FETCH_VERSION;

export const isolationLevel = (isolation: Isolation): number => (isolation === 'read_committed' ? 1 : 0);

export const fetchRequest = (spec: FetchSpec): PeerRequest<'Fetch'> => ({
  maxWaitMs: spec.waitMs,
  minBytes: 1,
  maxBytes: spec.maxBytes,
  isolationLevel: isolationLevel(spec.isolation),
  topics: [
    {
      topic: spec.topic.name,
      topicId: topicIdToWire(spec.topic.topicId),
      partitions: spec.partitions.map(({ partition, from, maxBytes }) => ({
        partition,
        fetchOffset: BigInt(from),
        partitionMaxBytes: maxBytes,
      })),
    },
  ],
});

/** The error of one partition's answer, undefined where it has none. */
export const errorOfFetch = (answer: FetchedPartition, from: number): KafkaError | undefined =>
  answer.errorCode === OUT_OF_RANGE ? outOfRange(from, answer) : errorIn(answer.errorCode);

const OUT_OF_RANGE = 1;

const outOfRange = (from: number, { logStartOffset, highWatermark }: FetchedPartition): KafkaError => {
  const range = highWatermark < 0n ? '' : `: it goes from ${logStartOffset} to ${highWatermark}`;
  return new KafkaError('OFFSET_OUT_OF_RANGE', `offset ${from} is not in the log${range}`);
};

/** The records in an answer without an error. @throws BatchError, as `decodeFetched` does */
export const recordsFetched = (
  { records, highWatermark, abortedTransactions }: FetchedPartition,
  from: number,
  limits: RecordLimits,
  isolation: Isolation,
): Fetched => {
  const aborted =
    isolation === 'read_uncommitted'
      ? undefined
      : (abortedTransactions ?? []).map(({ producerId, firstOffset }) => ({
          producerId: Number(producerId),
          firstOffset: Number(firstOffset),
        }));
  const bytes = records ?? Buffer.alloc(0);
  const decoded = decodeFetched(bytes, from, limits, aborted && new AbortedTransactions(aborted));
  return { ...decoded, highWatermark: Number(highWatermark) };
};
