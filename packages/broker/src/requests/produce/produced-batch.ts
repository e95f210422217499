/**
 * What keeps a partition's part of a Produce request from being appended, as far as it can be told without the log. What
 * the log says of a batch is not said here: how many there are, whether they are sound, and how large they may be.
 */
import type { ErrorName, Offset } from '@barnabas/model';
import {
  BATCH_HEADER_BYTES,
  codecOf,
  isTransactional,
  MAGIC_AT,
  MAGIC_V2,
  magicOf,
  type ProduceRequest,
} from '@barnabas/protocol';
import type { ClusterImage } from '../../cluster/cluster-image.ts';
import { isInternalTopic } from '../../cluster/internal-topics.ts';
import type { Acks } from '../../replication/replicas.ts';
import { offsetFromWire } from '../../wire/wire-numbers.ts';
import type { Failure } from '../answered.ts';

export type ProducedPartition = {
  readonly topic: string;
  readonly partition: number;
  readonly records: Buffer | null;
  /** -1: anywhere. */
  readonly expectedOffset: bigint;
};

/** What may be appended. */
export type ProducedBatch = {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly expectedOffset: Offset | undefined;
};

/** From here on there are only batches of magic 2; before, a broker converts older ones, which this one does not (KIP-98). */
const BATCHES_FROM = 3;
/** Versions before this one may carry no zstd: their clients could not read it (KIP-110). */
const ZSTD_FROM = 7;

export const producedPartitions = ({ topicData }: ProduceRequest): ProducedPartition[] =>
  topicData.flatMap(({ name: topic, partitionData }) =>
    partitionData.map(({ index, records, expectedOffset }) => ({ topic, partition: index, records, expectedOffset })),
  );

export const acksOf = (acks: number): Acks | undefined => (acks === -1 || acks === 0 || acks === 1 ? acks : undefined);

/** The batch, or why it is none. */
export function checkedBatch(
  { topic, partition, records, expectedOffset: expected }: ProducedPartition,
  image: ClusterImage,
  acks: Acks | undefined,
  version: number,
): ProducedBatch | Failure {
  if (image.topics.get(topic)?.partitions.get(partition) === undefined) {
    return failure('UNKNOWN_TOPIC_OR_PARTITION', `this broker knows no partition ${partition} of topic ${topic}`);
  }
  if (isInternalTopic(topic)) return failure('INVALID_TOPIC_EXCEPTION', `${topic} is written by brokers alone`);
  if (acks === undefined) return failure('INVALID_REQUIRED_ACKS', 'acks are 0, 1, or -1 for all in-sync replicas');
  if (records === null || records.length === 0) return failure('INVALID_RECORD', 'there are no records');
  const expectedOffset = offsetFromWire(expected);
  if (expected >= 0n && expectedOffset === undefined) {
    return failure('OFFSET_OUT_OF_RANGE', `no log goes as far as the expected offset ${expected}`);
  }
  return headerFailure(records, version) ?? { topic, partition, bytes: records, expectedOffset };
}

/** Only of a header that there is; one that is cut off the log refuses. */
function headerFailure(records: Buffer, version: number): Failure | undefined {
  if (records.length <= MAGIC_AT) return undefined;
  // The byte that says the format is at the same place in all of them.
  const magic = magicOf(records);
  if (magic === 0 || magic === 1) return oldFormat(magic, version);
  if (records.length < BATCH_HEADER_BYTES || magic !== MAGIC_V2) return undefined;
  if (version < ZSTD_FROM && codecOf(records) === 'zstd') {
    return failure('UNSUPPORTED_COMPRESSION_TYPE', `zstd is taken from version ${ZSTD_FROM} of Produce on`);
  }
  // Without a transaction coordinator nobody would ever end what such a batch begins.
  if (isTransactional(records)) return failure('INVALID_TXN_STATE', 'this cluster has begun no such transaction');
  return undefined;
}

function oldFormat(magic: number, version: number): Failure {
  const told = `records are taken in the format of magic ${MAGIC_V2}, not ${magic}`;
  return failure(version < BATCHES_FROM ? 'UNSUPPORTED_FOR_MESSAGE_FORMAT' : 'INVALID_RECORD', told);
}

const failure = (error: ErrorName, message: string): Failure => ({ error, message });
