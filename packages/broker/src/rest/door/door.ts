import type { BrokerId, Clock, Scheduler } from '@barnabas/model';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../../peers/requests.ts';
import type { RestLimits } from './rest-limits.ts';

/** What this broker is fit for, for those who watch over it. */
export type Health = {
  /** Whether it should go on running. */
  readonly live: boolean;
  /** Whether it should be sent requests. */
  readonly ready: boolean;
  /** Why it is not; empty where it is both. */
  readonly reasons: readonly string[];
};

/** What the routes are built over: narrow ports, so that they run without a cluster. */
export type Door = {
  readonly brokerId: BrokerId;
  readonly clusterId: string;
  /** Name of the listener that serves this API, by which the other brokers' addresses for it are known. */
  readonly restListener: string;
  readonly cluster: ClusterView;
  readonly requests: Requests;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly limits: RestLimits;
  /** Aborted when the door closes: waiting ends, and streams do. */
  readonly closing: AbortSignal;
};
