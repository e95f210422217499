import { type ErrorName, KafkaError, type Offset } from '@barnabas/model';
import { deleteBefore, isLogDamage, type Log } from '@barnabas/storage';
import type { Logger } from '../../logger.ts';
import type { Leadership } from '../partition/leadership.ts';
import type { Partition } from '../partition/partition.ts';
import { type LowWatermarkWaiting, lowWatermarkAt } from './low-watermark.ts';
import type { DeletedRecords, RecordsToDelete } from './record-deletion.ts';

type Begun = { readonly leadership: Leadership; readonly to: Offset };

/**
 * Deletes the records of one partition, as its leader, and waits for the other replicas, which hear of it by their fetches
 * and say by their fetches when it is done. What is not committed is never deleted.
 *
 * Source: Kafka's ReplicaManager.deleteRecords (KIP-107).
 */
export async function deleteRecords(
  partition: Partition,
  { before }: RecordsToDelete,
  waiting: LowWatermarkWaiting,
  logger: Logger,
): Promise<DeletedRecords> {
  try {
    const { leadership, to } = await partition.queue.run(() => begin(partition, before));
    const reached = await lowWatermarkAt(partition, leadership, to, waiting);
    const { lowWatermark } = leadership;
    switch (reached) {
      case 'reached':
        return { kind: 'deleted', lowWatermark };
      case 'late': {
        const message = `not all replicas of ${partition.name} have deleted what is below ${to} yet; they will`;
        return { kind: 'failed', error: 'REQUEST_TIMED_OUT', message, lowWatermark };
      }
      case 'over':
        return failed('NOT_LEADER_OR_FOLLOWER', `the broker leads ${partition.name} no longer; ask the next leader`);
    }
  } catch (error) {
    if (error instanceof KafkaError) return failed(error.error, error.message);
    logger.error({ err: error, partition: partition.name }, 'records could not be deleted');
    return failed('UNKNOWN_SERVER_ERROR', 'the broker failed unexpectedly; its log says how');
  }
}

/** In the partition's queue. Appends go on meanwhile. @throws KafkaError */
const begin = async (partition: Partition, before: RecordsToDelete['before']): Promise<Begun> => {
  const { leadership, log } = leadingOf(partition);
  if (!log.config.cleanupPolicy.includes('delete')) {
    const message = `records of ${partition.name} are not deleted: its cleanup.policy has no "delete"`;
    throw new KafkaError('POLICY_VIOLATION', message);
  }
  const to = before === 'highWatermark' ? log.highWatermark : before;
  if (to > log.highWatermark) {
    const message = `${partition.name} is committed up to ${log.highWatermark}; what is below ${to} cannot be deleted`;
    throw new KafkaError('OFFSET_OUT_OF_RANGE', message);
  }
  if (to > log.startOffset) await moveStart(partition, log, to);
  return { leadership, to };
};

const moveStart = async (partition: Partition, log: Log, to: Offset): Promise<void> => {
  try {
    await deleteBefore(log, to);
  } catch (error) {
    if (isLogDamage(error)) partition.onDamage(log, error);
    throw error;
  }
  partition.onLogStart();
};

const leadingOf = ({ role, leadership, log, name }: Partition): { leadership: Leadership; log: Log } => {
  if (role.kind === 'offline') throw new KafkaError('KAFKA_STORAGE_ERROR', role.message);
  if (leadership !== undefined && log !== undefined) return { leadership, log };
  throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `the broker does not lead ${name}`);
};

/** Of a deletion of which nothing is known of the other replicas. */
export const failed = (error: ErrorName, message: string): DeletedRecords => ({
  kind: 'failed',
  error,
  message,
  lowWatermark: -1,
});
