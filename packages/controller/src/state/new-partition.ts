import type { BrokerId } from '@barnabas/model';
import { initialLeaderAndIsr, type LeaderAndIsr } from '../leader-and-isr.ts';

/**
 * The first state of a partition: the first live replica leads, all live ones are in sync, since there is nothing to lack.
 * undefined where no replica is live: the partition stays New. Source: Kafka's PartitionStateMachine.
 */
export function newPartition(assignment: readonly BrokerId[], live: ReadonlySet<BrokerId>): LeaderAndIsr | undefined {
  const isr = assignment.filter((id) => live.has(id));
  const [leader] = isr;
  return leader === undefined ? undefined : initialLeaderAndIsr(leader, isr);
}
