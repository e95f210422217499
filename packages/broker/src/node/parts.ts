import type { Controller } from '@barnabas/controller';
import type { BrokerId } from '@barnabas/model';
import type { LogManager } from '@barnabas/storage';
import type { PeerHandlers } from '@barnabas/transport';
import type { MetadataCache } from '../cluster/metadata-cache.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import type { Coordination } from '../coordination/coordination.ts';
import type { GroupCoordinator } from '../groups/group-coordinator.ts';
import type { BrokerPeers } from '../peers/broker-peers.ts';
import type { Requests } from '../peers/requests.ts';
import type { ReplicaFetchers } from '../replication/fetcher/replica-fetchers.ts';
import type { ReplicaManager } from '../replication/replica-manager.ts';
import type { FetchSessions } from '../requests/fetch/session/fetch-sessions.ts';
import type { TopicConfigs } from '../topics/topic-configs.ts';
import type { BrokerEnvironment } from './broker-environment.ts';

/** What the parts are made of. */
export type BrokerFoundation = {
  readonly config: BrokerConfig;
  readonly environment: BrokerEnvironment;
  readonly brokerId: BrokerId;
  readonly clusterId: string;
  readonly coordination: Coordination;
  readonly topicConfigs: TopicConfigs;
  readonly logs: LogManager;
  /** See `ReplicaManagerOptions`. */
  readonly onLogDirEvent: () => void;
};

/** The parts of a broker, each of which knows but its neighbours. */
export type BrokerParts = {
  readonly cache: MetadataCache;
  readonly peers: BrokerPeers;
  readonly requests: Requests;
  readonly fetchers: ReplicaFetchers;
  readonly replicas: ReplicaManager;
  readonly sessions: FetchSessions;
  readonly groups: GroupCoordinator;
  readonly controller: Controller;
  /** What this broker answers, to its peers and to its own doors. */
  readonly handlers: PeerHandlers;
};
