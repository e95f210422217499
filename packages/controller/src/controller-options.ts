import type { BrokerId, Clock, Random, Scheduler } from '@barnabas/model';
import type { PeerClient } from '@barnabas/transport';
import type { Endpoint } from '@barnabas/zookeeper';
import type { Logger } from './logger.ts';

export type ControllerOptions = {
  /** This broker. */
  readonly brokerId: BrokerId;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Draws ids for topics that have none. */
  readonly random: Random;
  readonly logger: Logger;
  /** A connection to a broker, this one among them. The controller closes what it gets here. */
  readonly connect: (broker: PeerAddress) => PeerClient;
  /** Name of the listener that brokers reach each other by: `inter.broker.listener.name`. */
  readonly peerListener: string;
  readonly config: ControllerConfig;
  readonly metrics: ControllerMetrics;
};

export type PeerAddress = { readonly id: BrokerId; readonly endpoint: Endpoint };

export type ControllerConfig = {
  /** `delete.topic.enable`. */
  readonly deleteTopicEnable: boolean;
  /** `unclean.leader.election.enable`, for topics that have no setting of their own. */
  readonly uncleanLeaderElectionEnable: boolean;
  /** `auto.leader.rebalance.enable`. */
  readonly autoLeaderRebalanceEnable: boolean;
  /** `leader.imbalance.per.broker.percentage`. */
  readonly leaderImbalancePerBrokerPercentage: number;
  /** `leader.imbalance.check.interval.seconds`, in milliseconds. */
  readonly leaderImbalanceCheckIntervalMs: number;
  /** `controller.socket.timeout.ms`: how long a broker may take to answer. */
  readonly requestTimeoutMs: number;
};

/** What the controller counts; gauges are read off `Controller.status`. */
export interface ControllerMetrics {
  /** A leader was elected that may lack acknowledged records. */
  uncleanLeaderElected(): void;
}
