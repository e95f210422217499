import type { ErrorName } from '@barnabas/model';
import type { FetchedPartition } from '../../replication/replicas.ts';
import type { AskedPartition } from './asked-fetch.ts';

/** What a fetch found of a partition. */
export type PartitionAnswer = Omit<FetchedPartition, 'topic' | 'partition' | 'topicId'>;

/** A partition as it was asked for, and what is answered. */
export type AnsweredPartition = { readonly asked: AskedPartition; readonly answer: PartitionAnswer };

/** As Kafka answers for a partition that it cannot read. */
export const failedAnswer = (error: ErrorName): PartitionAnswer => ({
  error,
  highWatermark: -1,
  lastStableOffset: -1,
  logStartOffset: -1,
  divergingEpoch: undefined,
  abortedTransactions: undefined,
  records: [],
});

export const recordBytesOf = ({ records }: Pick<PartitionAnswer, 'records'>): number =>
  records.reduce((sum, { length }) => sum + length, 0);

/** Whether the asker has to be told at once, without waiting for records. */
export const isUrgent = ({ error, divergingEpoch }: PartitionAnswer): boolean =>
  error !== undefined || divergingEpoch !== undefined;
