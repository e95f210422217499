import type { BrokerId, ControllerEpoch, Scheduler } from '@barnabas/model';
import type { Logger } from '../logger.ts';

/** What those that ask brokers something have in common. */
export type SenderSurroundings = {
  readonly controllerId: BrokerId;
  readonly controllerEpoch: ControllerEpoch;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  /** How long a broker may take to answer. */
  readonly requestTimeoutMs: number;
};
