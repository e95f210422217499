/**
 * StopReplica, versions 3 and 4 (leader epochs): follow no longer, and maybe delete the log. Per partition, in Kafka's order:
 *
 *   the log directory is offline         KAFKA_STORAGE_ERROR
 *   the leader epoch is over             FENCED_LEADER_EPOCH; -1 (none) is taken always
 *   it is -2, the topic being deleted,   FENCED_LEADER_EPOCH (ours)
 *     and the topic of our log lives
 *   there is no such partition here      NONE
 *
 * A topic that is being deleted leaves the metadata before its replicas are stopped. The request names no topic id: one that was
 * held up on its way, and sent once more meanwhile, may come when there is another topic of that name (rule 10).
 *
 * Source: Kafka's ReplicaManager.stopReplicas.
 */
import { ERRORS, type ErrorName, KafkaError, type TopicPartition } from '@barnabas/model';
import type { StopReplicaRequest } from '@barnabas/protocol';
import type { PeerResponse } from '@barnabas/transport';
import type { Partition } from '../partition/partition.ts';
import type { ControlParts } from './control-parts.ts';

type Response = PeerResponse<'StopReplica'>;

/** In place of a leader epoch. */
const DURING_DELETE = -2;

type Stop = { readonly topicPartition: TopicPartition; readonly leaderEpoch: number; readonly isDeleted: boolean };

/** Carries a request out that has passed the fences of broker and controller epoch. Never rejects. */
export async function stopReplicas({ topicStates }: StopReplicaRequest, parts: ControlParts): Promise<Response> {
  const stops = topicStates.flatMap(({ topicName: topic, partitionStates }) =>
    partitionStates.map(
      ({ partitionIndex: partition, leaderEpoch, deletePartition: isDeleted }): Stop => ({
        topicPartition: { topic, partition },
        leaderEpoch,
        isDeleted,
      }),
    ),
  );
  const partitionErrors = await Promise.all(
    stops.map(async (stop) => {
      const { topic, partition: partitionIndex } = stop.topicPartition;
      const partition = parts.hosted.get(stop.topicPartition);
      const error = partition === undefined ? 'NONE' : await partition.queue.run(() => stopOne(partition, stop, parts));
      return { topicName: topic, partitionIndex, errorCode: ERRORS[error].code };
    }),
  );
  return { ...stopReplicaRefused('NONE'), partitionErrors };
}

/** The answer to a request as a whole. */
export const stopReplicaRefused = (error: ErrorName): Response => ({
  errorCode: ERRORS[error].code,
  partitionErrors: [],
});

const stopOne = async (partition: Partition, stop: Stop, parts: ControlParts): Promise<ErrorName> => {
  const { role, leaderEpoch: known, topicPartition, name } = partition;
  if (role.kind === 'offline' && role.cause === 'directory') return 'KAFKA_STORAGE_ERROR';
  if (stop.leaderEpoch >= 0 && stop.leaderEpoch < known) return 'FENCED_LEADER_EPOCH';
  if (stop.leaderEpoch === DURING_DELETE && isAlive(partition, parts)) return 'FENCED_LEADER_EPOCH';
  parts.fetchers.unfollow([topicPartition]);
  partition.stop();
  if (!stop.isDeleted) return 'NONE';
  try {
    await parts.logs.delete(topicPartition);
    parts.hosted.delete(partition);
    return 'NONE';
  } catch (err) {
    parts.logger.error({ err, partition: name }, 'the replica could not be deleted');
    return err instanceof KafkaError ? err.error : 'UNKNOWN_SERVER_ERROR';
  }
};

const isAlive = ({ topicPartition: { topic, partition }, topicId }: Partition, { cluster }: ControlParts): boolean => {
  const known = cluster.image.topics.get(topic);
  return topicId !== undefined && known?.topicId === topicId && known.partitions.has(partition);
};
