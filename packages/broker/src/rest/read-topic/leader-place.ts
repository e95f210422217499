import type { BrokerId } from '@barnabas/model';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { Isolation } from '../read/fetch-message.ts';

/** Some partitions of a topic, at who leads them. */
export type LeaderPlace = {
  readonly topic: ClusterTopic;
  readonly leader: BrokerId;
  readonly isolation: Isolation;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
};
