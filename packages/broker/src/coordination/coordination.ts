import type { BrokerEpoch } from '@barnabas/model';
import type { ZooKeeperSession } from '@barnabas/zookeeper';

/**
 * A broker's standing in ZooKeeper. Data safety never rests on it: without a session produce and fetch go on.
 */
export interface Coordination {
  /** The session that this broker is registered with, though it may be SUSPENDED or LOST by now; undefined before the first. */
  readonly session: ZooKeeperSession | undefined;
  /** czxid of the broker's znode of the last registration. */
  readonly brokerEpoch: BrokerEpoch | undefined;
}
