import type { FetchedPartition, FetchPartition, FetchSpec, Replicas } from '../../replication/replicas.ts';
import type { AskedFetch, AskedPartition } from './asked-fetch.ts';
import { type AnsweredPartition, failedAnswer, type PartitionAnswer } from './partition-answer.ts';
import type { TopicNames } from './topic-names.ts';

export type ReadOptions = { readonly maxWaitMs: number; readonly signal?: AbortSignal };

/** Reads what is asked for, of as many partitions as there are, in their order. */
export type PartitionReader = (
  asked: AskedFetch,
  partitions: readonly AskedPartition[],
  options: ReadOptions,
) => Promise<AnsweredPartition[]>;

/** Answers itself for what cannot be read in any case; all the rest is one fetch of the replicas. */
export const partitionReader =
  (replicas: Pick<Replicas, 'fetch'>, nameOf: TopicNames): PartitionReader =>
  async (asked, partitions, { maxWaitMs, signal }) => {
    const specs: FetchPartition[] = [];
    const places = partitions.map((partition) => {
      const spec = specOf(partition, nameOf(partition));
      return 'error' in spec ? spec : specs.push(spec) - 1;
    });
    const { replica, minBytes, maxBytes, isolation } = asked;
    const isFailed = specs.length < partitions.length;
    const spec: FetchSpec = {
      replica,
      maxWaitMs: isFailed ? 0 : maxWaitMs,
      minBytes,
      maxBytes,
      isolation,
      partitions: specs,
      ...(signal === undefined ? {} : { signal }),
    };
    const fetched = specs.length === 0 ? [] : await replicas.fetch(spec);
    return partitions.map((partition, index) => ({ asked: partition, answer: answerAt(places[index], fetched) }));
  };

const specOf = (asked: AskedPartition, topic: string | undefined): FetchPartition | PartitionAnswer => {
  if (topic === undefined) return failedAnswer('UNKNOWN_TOPIC_ID');
  const { fetchOffset, ...terms } = asked.terms;
  if (fetchOffset === undefined) return failedAnswer('OFFSET_OUT_OF_RANGE');
  return { topic, topicId: asked.topicId, partition: asked.partition, fetchOffset, ...terms };
};

const answerAt = (
  place: PartitionAnswer | number | undefined,
  fetched: readonly FetchedPartition[],
): PartitionAnswer => {
  if (typeof place === 'object') return place;
  return (place === undefined ? undefined : fetched[place]) ?? failedAnswer('UNKNOWN_SERVER_ERROR');
};
