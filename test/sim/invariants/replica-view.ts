import type { Log } from '@barnabas/storage';
import type { Partition } from '../../../packages/broker/src/replication/partition/partition.ts';
import type { ShadowLog } from '../observe/shadow-log.ts';
import type { Life } from '../world/machine.ts';
import type { PartitionModel } from './partition-model.ts';

/** One replica in one life of its broker, and what its log holds. */
export type ReplicaView = {
  readonly life: Life;
  readonly partition: Partition;
  readonly log: Log;
  readonly model: PartitionModel;
  readonly shadow: ShadowLog;
};

/** What is left of a replica when its process has ended. */
export type Remains = { readonly shadow: ShadowLog; readonly durableEnd: number };

export const nameOf = ({ life, model }: ReplicaView): string =>
  `${model.name} on broker ${life.machine.id} (life ${life.number})`;
