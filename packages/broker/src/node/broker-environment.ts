import type { BrokerId, Clock, Random, Scheduler } from '@barnabas/model';
import type { FileSystem } from '@barnabas/storage';
import type { PeerClient, PeerHandlers } from '@barnabas/transport';
import type { Endpoint, LinkFactory } from '@barnabas/zookeeper';
import type { ClusterView } from '../cluster/cluster-image.ts';
import type { Listener } from '../config/listeners.ts';
import type { Logger } from '../logger.ts';
import type { BrokerState } from '../metrics/broker-gauges.ts';
import type { BrokerMetrics } from '../metrics/broker-metrics.ts';
import type { Requests } from '../peers/requests.ts';
import type { HealthReport } from './health.ts';

/** What a broker takes from its surroundings: real ones in a server, simulated ones in tests. */
export type BrokerEnvironment = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly fs: FileSystem;
  readonly logger: Logger;
  readonly metrics: BrokerMetrics;
  /** Makes links to the ensemble of `zookeeper.connect`. */
  readonly zookeeper: LinkFactory;
  /** A client of a broker, this one too; it dials when something is first sent. */
  readonly connectPeer: (endpoint: Endpoint, clientId: string) => PeerClient;
  /** Listens for other brokers. Rejects where it cannot. */
  readonly servePeers: (listener: Listener, handlers: PeerHandlers) => Promise<Served>;
  /** Opens the HTTP API on a listener; where it is left out, such a listener stays closed. Rejects where it cannot. */
  readonly serveRest?: (listener: Listener, door: RestDoor) => Promise<Served>;
  /** Opens a listener for clients of Kafka's protocol; where it is left out, such a listener stays closed. Rejects where it cannot. */
  readonly serveKafka?: (listener: Listener, handlers: PeerHandlers) => Promise<Served>;
  /** Is told what listeners and watchers throw, which nobody foresaw. */
  readonly onUncaught: (error: unknown) => void;
};

/** What the HTTP API is opened on. */
export type RestDoor = {
  readonly brokerId: BrokerId;
  readonly clusterId: string;
  readonly cluster: ClusterView;
  readonly requests: Requests;
  readonly health: () => HealthReport;
  /** For `/metrics`. */
  readonly state: () => BrokerState;
};

/** A listener that is open. */
export type Served = {
  /** That is listened on. */
  readonly port: number;
  /** Takes no more requests, and gives those under way some time. */
  close(): Promise<void>;
};
