import { offset, producerId } from '@barnabas/model';
import {
  type BatchInput,
  buildBatch,
  encodeGroupMetadata,
  encodeOffsetCommit,
  type KeyAndValue,
  type OffsetsRecord,
} from '@barnabas/protocol';

/** The record of a commit of `at` for partition 0 of topic `t`; null: it is deleted. */
export const commitOf = (group: string, at: number | null, topic = 't'): KeyAndValue =>
  encodeOffsetCommit(
    { group, topic, partition: 0 },
    at === null ? null : { offset: BigInt(at), leaderEpoch: -1, metadata: '', commitTimestamp: 1000n },
  );

/** The record of a group without members. */
export const groupOf = (group: string): KeyAndValue =>
  encodeGroupMetadata(
    { group },
    {
      protocolType: 'consumer',
      generation: 3,
      protocol: null,
      leader: null,
      currentStateTimestamp: 1000n,
      members: [],
    },
  );

/** A batch of these records from an offset on, as a coordinator of Kafka's leaves it in the log. */
export const batchAt = (
  at: number,
  records: readonly { readonly key: Buffer | null; readonly value: Buffer | null }[],
  options: Partial<BatchInput> = {},
): Buffer =>
  buildBatch({
    baseOffset: offset(at),
    records: records.map((record) => ({ timestamp: 1000, ...record })),
    ...options,
  });

export const inTransaction = (producer: number): Partial<BatchInput> => ({
  transactional: true,
  producerId: producerId(producer),
  producerEpoch: 0,
  baseSequence: 0,
});

/** `group topic-partition=offset`, or the name of a group; what is deleted is `gone`. */
export function shown(record: OffsetsRecord): string {
  if (record.type === 'unknown') return 'unknown';
  if (record.type === 'group-metadata') return `${record.key.data.group}${record.value === null ? '=gone' : ''}`;
  const { group, topic, partition } = record.key.data;
  return `${group} ${topic}-${partition}=${record.value?.data.offset ?? 'gone'}`;
}
