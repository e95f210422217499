/** What a partition of a ListOffsets request asks for, in the words of `Replicas.offsetFor`. */
import { type ErrorName, KafkaError, type TopicPartition } from '@barnabas/model';
import type { ListOffsetsRequest } from '@barnabas/protocol';
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP, MAX_TIMESTAMP } from '@barnabas/storage';
import type { OffsetAnswer, OffsetQuery } from '../../replication/replicas.ts';
import { leaderEpochFromWire, timestampFromWire } from '../../wire/wire-numbers.ts';

/** Who asks, and how much of the log it may see. */
export type Asker = Pick<OffsetQuery, 'asker' | 'isolation'>;
type PartitionOnWire = ListOffsetsRequest['topics'][number]['partitions'][number];

/** The start of what is on the broker's own disk: with no storage elsewhere, the start of all. */
const EARLIEST_LOCAL_TIMESTAMP = -4;
/** The end of what is in storage elsewhere: there is none. */
const LATEST_TIERED_TIMESTAMP = -5;

/** First version of ListOffsets with each of the times that have a meaning of their own. */
const SPECIAL_SINCE: ReadonlyMap<number, number> = new Map([
  [LATEST_TIMESTAMP, 0],
  [EARLIEST_TIMESTAMP, 0],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL_TIMESTAMP, 8],
  [LATEST_TIERED_TIMESTAMP, 9],
]);

const CONSUMER = -1;
const DEBUGGER = -2;

/** A consumer alone is bound by its isolation. @throws KafkaError INVALID_REQUEST */
export function askerOf({ replicaId, isolationLevel }: ListOffsetsRequest): Asker {
  if (isolationLevel !== 0 && isolationLevel !== 1) {
    throw new KafkaError('INVALID_REQUEST', `isolation level ${isolationLevel} is neither 0 nor 1`);
  }
  if (replicaId >= 0) return { asker: 'follower', isolation: 'read_uncommitted' };
  if (replicaId === DEBUGGER) return { asker: 'debugger', isolation: 'read_uncommitted' };
  if (replicaId !== CONSUMER) throw new KafkaError('INVALID_REQUEST', `${replicaId} is no replica id`);
  return { asker: 'consumer', isolation: isolationLevel === 1 ? 'read_committed' : 'read_uncommitted' };
}

/** @throws KafkaError UNSUPPORTED_VERSION, INVALID_REQUEST */
export function queryOf(
  { topic, partition }: TopicPartition,
  { timestamp: onWire, currentLeaderEpoch }: PartitionOnWire,
  asker: Asker,
  version: number,
): OffsetQuery {
  const timestamp = timestampFromWire(onWire);
  if (timestamp === undefined) throw new KafkaError('INVALID_REQUEST', `${onWire} is no time in milliseconds`);
  if (timestamp < 0 && version < (SPECIAL_SINCE.get(timestamp) ?? Number.POSITIVE_INFINITY)) {
    throw new KafkaError('UNSUPPORTED_VERSION', `time ${timestamp} means nothing in version ${version} of ListOffsets`);
  }
  return {
    topic,
    partition,
    timestamp: isAboutLogStart(timestamp) ? EARLIEST_TIMESTAMP : timestamp,
    currentLeaderEpoch: leaderEpochFromWire(currentLeaderEpoch),
    ...asker,
  };
}

/** Where what was asked for is not what the query finds: the start of the log shows that this broker may answer. */
export const answerTo = (timestamp: bigint, answer: OffsetAnswer): OffsetAnswer =>
  timestamp === BigInt(LATEST_TIERED_TIMESTAMP) && answer.kind === 'found' ? { kind: 'none' } : answer;

const isAboutLogStart = (timestamp: number): boolean =>
  timestamp === EARLIEST_LOCAL_TIMESTAMP || timestamp === LATEST_TIERED_TIMESTAMP;

/** OFFSET_NOT_AVAILABLE is known from version 5 on. */
export const errorInVersion = (error: ErrorName, version: number): ErrorName =>
  error === 'OFFSET_NOT_AVAILABLE' && version < 5 ? 'LEADER_NOT_AVAILABLE' : error;
