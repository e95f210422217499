import { Controller } from '@barnabas/controller';
import type { PeerHandlers } from '@barnabas/transport';
import { ControllerFence } from '../cluster/controller-fence.ts';
import { MetadataCache } from '../cluster/metadata-cache.ts';
import type { BrokerConfig } from '../config/broker-config.ts';
import { OffsetsTopicSize } from '../groups/offsets-topic-size.ts';
import { BrokerPeers } from '../peers/broker-peers.ts';
import { ReplicaFetchers } from '../replication/fetcher/replica-fetchers.ts';
import { ReplicaManager } from '../replication/replica-manager.ts';
import { BrokerRequests } from '../requests/broker-requests.ts';
import { FetchSessions } from '../requests/fetch/session/fetch-sessions.ts';
import { topicNames } from '../requests/fetch/topic-names.ts';
import { timedHandlers } from '../requests/timed-handlers.ts';
import { brokerHandlers } from './broker-handlers.ts';
import { buildGroups } from './group-parts.ts';
import type { BrokerFoundation, BrokerParts } from './parts.ts';

/** A session's partitions are looked at, news or not, after this part of `replica.lag.time.max.ms`. */
const REFRESHES_PER_LAG = 4;

/**
 * Puts the parts together, and has the replicas take over the logs that are there. No request comes yet: that begins when
 * somebody serves the handlers. Rejects as `ReplicaManager.open` does.
 */
export async function buildParts(foundation: BrokerFoundation): Promise<BrokerParts> {
  const { config, environment, brokerId, coordination } = foundation;
  const { clock, random, scheduler, metrics, logger } = environment;
  const { properties } = config;
  const clientId = `broker-${brokerId}`;
  const fence = new ControllerFence();
  const brokerEpoch = () => coordination.brokerEpoch;
  const cache = new MetadataCache({ fence, brokerEpoch });
  const peers = new BrokerPeers({
    cluster: cache,
    listener: peerListener(config),
    connect: (endpoint) => environment.connectPeer(endpoint, clientId),
    log: logger,
  });
  // Some parts ask, and others answer them: the handlers come last.
  const handlers: { [Api in keyof PeerHandlers]: PeerHandlers[Api] } = {};
  const requests = new BrokerRequests({ self: brokerId, handlers, peers, scheduler, clientId });
  const fetchers = new ReplicaFetchers({
    brokerId,
    brokerEpoch,
    peers,
    limits: {
      maxWaitMs: properties.replicaFetchWaitMaxMs,
      minBytes: properties.replicaFetchMinBytes,
      partitionMaxBytes: properties.replicaFetchMaxBytes,
      responseMaxBytes: properties.replicaFetchResponseMaxBytes,
      backOffMs: properties.replicaFetchBackoffMs,
      requestTimeoutMs: properties.replicaSocketTimeoutMs,
      fetchersPerLeader: properties.numReplicaFetchers,
    },
    clock,
    scheduler,
    random,
    metrics,
    log: logger,
  });
  const replicas = await openReplicas(foundation, { fence, cache, fetchers, requests });
  const sessions = new FetchSessions({
    replicas,
    nameOf: topicNames(cache, replicas),
    slots: properties.maxIncrementalFetchSessionCacheSlots,
    refreshMs: Math.max(1, Math.floor(properties.replicaLagTimeMaxMs / REFRESHES_PER_LAG)),
    clock,
    random,
  });
  const topicSize = new OffsetsTopicSize({ cluster: cache, coordination, log: logger });
  const groups = buildGroups(foundation, { replicas, cache }, topicSize);
  const controller = buildController(foundation, clientId);
  const parts = { cache, peers, requests, fetchers, replicas, sessions, groups, controller };
  const answering = { ...foundation, ...parts, topicSize, listener: peerListener(config) };
  Object.assign(handlers, timedHandlers(brokerHandlers(answering), clock, metrics));
  return { ...parts, handlers };
}

/** In capitals, as listeners are. */
export function peerListener({ listeners, properties }: BrokerConfig): string {
  return listeners.find(({ kind }) => kind === 'peers')?.name ?? properties.interBrokerListenerName;
}

type AskedParts = Pick<BrokerParts, 'cache' | 'fetchers' | 'requests'> & { readonly fence: ControllerFence };

function openReplicas(
  { config, environment, brokerId, coordination, topicConfigs, logs, onLogDirEvent }: BrokerFoundation,
  { fence, cache, fetchers, requests }: AskedParts,
): Promise<ReplicaManager> {
  const { clock, scheduler, fs, metrics, logger } = environment;
  const { properties } = config;
  return ReplicaManager.open({
    localId: brokerId,
    clock,
    scheduler,
    logs,
    fs,
    cluster: cache,
    coordination,
    requests,
    controllerFence: fence,
    fetchers,
    topics: topicConfigs,
    metrics,
    logger,
    replicaLagTimeMaxMs: properties.replicaLagTimeMaxMs,
    highWatermarkCheckpointIntervalMs: properties.replicaHighWatermarkCheckpointIntervalMs,
    alterPartitionTimeoutMs: properties.controllerSocketTimeoutMs,
    onLogDirEvent,
  });
}

function buildController({ config, environment, brokerId }: BrokerFoundation, clientId: string): Controller {
  const { properties, topicDefaults } = config;
  const { clock, scheduler, random, logger, metrics } = environment;
  return new Controller({
    brokerId,
    clock,
    scheduler,
    random,
    logger,
    connect: ({ endpoint }) => environment.connectPeer(endpoint, clientId),
    peerListener: peerListener(config),
    config: {
      deleteTopicEnable: properties.deleteTopicEnable,
      uncleanLeaderElectionEnable: topicDefaults.uncleanLeaderElectionEnable,
      autoLeaderRebalanceEnable: properties.autoLeaderRebalanceEnable,
      leaderImbalancePerBrokerPercentage: properties.leaderImbalancePerBrokerPercentage,
      leaderImbalanceCheckIntervalMs: properties.leaderImbalanceCheckIntervalSeconds * 1000,
      requestTimeoutMs: properties.controllerSocketTimeoutMs,
    },
    metrics,
  });
}
