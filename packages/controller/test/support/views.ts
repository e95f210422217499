import { type BrokerId, brokerId, leaderEpoch, offset, partitionEpoch } from '@barnabas/model';
import type { LogEnd } from '../../src/election/election.ts';
import type { PartitionView } from '../../src/election/partition-view.ts';
import type { LeaderAndIsr } from '../../src/leader-and-isr.ts';

export const ids = (...numbers: readonly number[]): BrokerId[] => numbers.map(brokerId);
export const idSet = (...numbers: readonly number[]): ReadonlySet<BrokerId> => new Set(ids(...numbers));

export function leaderAndIsr(leader: number | undefined, isr: readonly number[], epoch = 5): LeaderAndIsr {
  return {
    leader: leader === undefined ? undefined : brokerId(leader),
    leaderEpoch: leaderEpoch(epoch),
    isr: ids(...isr),
    isRecovering: false,
    partitionEpoch: partitionEpoch(9),
  };
}

type Facts = {
  readonly assignment?: readonly number[];
  readonly leader?: number;
  readonly isr: readonly number[];
  readonly live: readonly number[];
  readonly shuttingDown?: readonly number[];
  readonly failed?: readonly number[];
  readonly marked?: readonly number[];
};

/** Replicas 1, 2 and 3 in leader epoch 5 and partition epoch 9, unless told otherwise. */
export function view({
  assignment = [1, 2, 3],
  leader,
  isr,
  live,
  shuttingDown = [],
  failed = [],
  marked = [],
}: Facts): PartitionView {
  return {
    assignment: ids(...assignment),
    current: leaderAndIsr(leader, isr),
    live: idSet(...live),
    shuttingDown: idSet(...shuttingDown),
    failed: idSet(...failed),
    marked: idSet(...marked),
  };
}

/** Answers of brokers: id, last epoch, end offset. */
export function logEnds(...answers: readonly [number, number, number][]): ReadonlyMap<BrokerId, LogEnd> {
  return new Map(
    answers.map(([id, epoch, end]) => [brokerId(id), { lastEpoch: leaderEpoch(epoch), endOffset: offset(end) }]),
  );
}
