import { type Clock, type ErrorName, KafkaError, type LeaderEpoch, type TopicPartition } from '@barnabas/model';
import { buildBatch, type Codec, type KeyAndValue } from '@barnabas/protocol';
import type { Logger } from '../logger.ts';
import type { Replicas } from '../replication/replicas.ts';

export type AppendOptions = {
  readonly replicas: Pick<Replicas, 'produce'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly codec: Codec;
  /** `offsets.commit.timeout.ms` */
  readonly timeoutMs: number;
  readonly log: Logger;
};

/** A partition of the offsets topic in the epoch in which it is led here. */
export type LedPartition = { readonly topicPartition: TopicPartition; readonly leaderEpoch: LeaderEpoch };

/** Epochs are no matter of a group's: the broker does not lead the partition as the coordinator took it to. */
const OTHER_LEADERSHIP: ReadonlySet<ErrorName> = new Set(['FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH']);

/**
 * Appends records as one batch, before it returns, and only in that leader epoch; resolves once all in-sync replicas have them,
 * with the error where they do not, or nobody knows. Never rejects.
 */
export async function appendRecords(
  { topicPartition, leaderEpoch: currentLeaderEpoch }: LedPartition,
  records: readonly KeyAndValue[],
  { replicas, clock, codec, timeoutMs, log }: AppendOptions,
): Promise<ErrorName | undefined> {
  const timestamp = clock.nowMs();
  try {
    const bytes = buildBatch({ records: records.map((record) => ({ timestamp, ...record })), codec });
    const options = { acks: -1, timeoutMs, origin: 'coordinator', currentLeaderEpoch } as const;
    const [result] = await replicas.produce([{ ...topicPartition, bytes }], options);
    if (result?.kind === 'appended') return undefined;
    const { error = 'UNKNOWN_SERVER_ERROR', message = 'no result' } = result ?? {};
    log.info({ ...topicPartition, error }, `what groups have changed was not committed: ${message}`);
    return OTHER_LEADERSHIP.has(error) ? 'NOT_LEADER_OR_FOLLOWER' : error;
  } catch (err) {
    if (err instanceof KafkaError) return err.error;
    log.error({ err, ...topicPartition }, 'what groups have changed could not be appended');
    return 'UNKNOWN_SERVER_ERROR';
  }
}
