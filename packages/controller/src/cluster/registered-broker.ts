import { type BrokerEpoch, type BrokerId, brokerEpoch } from '@barnabas/model';
import type { BrokerRegistration, Endpoint, Stat } from '@barnabas/zookeeper';

/** A broker that has a znode. Replaced as a whole when that changes. */
export type RegisteredBroker = {
  readonly id: BrokerId;
  readonly epoch: BrokerEpoch;
  readonly endpoints: readonly Endpoint[];
  readonly rack: string | undefined;
  /** It registered with the `unclean` mark. */
  readonly isUnclean: boolean;
  /** It has asked to shut down. */
  readonly isShuttingDown: boolean;
  /** Version of its znode. */
  readonly version: number;
};

export function registeredBroker(id: BrokerId, registration: BrokerRegistration, stat: Stat): RegisteredBroker {
  const { endpoints, rack, unclean } = registration;
  const epoch = brokerEpoch(stat.czxid);
  return { id, epoch, endpoints, rack, isUnclean: unclean, isShuttingDown: false, version: stat.version };
}
