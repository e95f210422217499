import type { Controller } from '@barnabas/controller';
import type { PeerHandlers } from '@barnabas/transport';
import type { MetadataCache } from '../cluster/metadata-cache.ts';
import type { GroupCoordinator } from '../groups/group-coordinator.ts';
import type { OffsetsTopicSize } from '../groups/offsets-topic-size.ts';
import type { Requests } from '../peers/requests.ts';
import { ProducerIdManager } from '../producer-ids/producer-id-manager.ts';
import type { ReplicaManager } from '../replication/replica-manager.ts';
import { deleteRecordsHandler } from '../requests/delete-records/delete-records-handler.ts';
import { describeClusterHandler } from '../requests/describe-cluster-handler.ts';
import { describeLogDirsHandler } from '../requests/describe-log-dirs/describe-log-dirs-handler.ts';
import { electLeadersHandler } from '../requests/elect-leaders/elect-leaders-handler.ts';
import { fetchHandler } from '../requests/fetch/fetch-handler.ts';
import { offsetForLeaderEpochHandler } from '../requests/fetch/offset-for-leader-epoch-handler.ts';
import type { FetchSessions } from '../requests/fetch/session/fetch-sessions.ts';
import { forwardedHandlers } from '../requests/forwarding/forwarded-handlers.ts';
import { groupHandlers } from '../requests/groups/group-handlers.ts';
import { initProducerIdHandler } from '../requests/init-producer-id-handler.ts';
import { listOffsetsHandler } from '../requests/list-offsets/list-offsets-handler.ts';
import { AutoTopicCreation } from '../requests/metadata/auto-topic-creation.ts';
import { metadataHandler } from '../requests/metadata/metadata-handler.ts';
import { produceHandler } from '../requests/produce/produce-handler.ts';
import { leaderAndIsrHandler, stopReplicaHandler } from '../requests/replica-control-handlers.ts';
import { updateMetadataHandler } from '../requests/update-metadata-handler.ts';
import { withFreshTopicConfigs } from '../topics/fresh-topic-configs.ts';
import { topicHandlers } from '../topics/handlers/topic-handlers.ts';
import { offsetsTopicOf } from './group-parts.ts';
import type { BrokerFoundation } from './parts.ts';

export type Answering = BrokerFoundation & {
  readonly cache: MetadataCache;
  readonly requests: Requests;
  readonly replicas: ReplicaManager;
  readonly sessions: FetchSessions;
  readonly groups: GroupCoordinator;
  readonly topicSize: OffsetsTopicSize;
  readonly controller: Controller;
  /** Through which those who ask are told where other brokers are. */
  readonly listener: string;
};

/** One handler for each API, whichever door a request comes through. */
export function brokerHandlers(answering: Answering): PeerHandlers {
  return { ...controlHandlers(answering), ...clientHandlers(answering), ...adminHandlers(answering) };
}

/** What the controller tells brokers, and brokers ask the controller. */
function controlHandlers({ cache, replicas, controller, topicConfigs, environment }: Answering): PeerHandlers {
  const log = environment.logger;
  return {
    ...controller.handlers,
    UpdateMetadata: updateMetadataHandler({ cache, log }),
    LeaderAndIsr: withFreshTopicConfigs(leaderAndIsrHandler({ replicas, log }), topicConfigs),
    StopReplica: stopReplicaHandler({ replicas, log }),
  };
}

/** What producers, consumers and followers ask. */
function clientHandlers(answering: Answering): PeerHandlers {
  const { config, cache: cluster, clusterId, replicas, sessions, topicConfigs, listener, environment } = answering;
  const { metrics, clock, scheduler, logger: log } = environment;
  const { properties } = config;
  return {
    Produce: produceHandler({ replicas, cluster, listener, metrics, log }),
    Fetch: fetchHandler({
      replicas,
      cluster,
      sessions,
      listener,
      topicConfigs,
      maxBytes: properties.fetchMaxBytes,
      clock,
      scheduler,
      metrics,
      log,
    }),
    ListOffsets: listOffsetsHandler({ replicas, log }),
    OffsetForLeaderEpoch: offsetForLeaderEpochHandler({ replicas, log }),
    Metadata: metadataHandler({ cluster, clusterId, listener, autoCreate: autoCreateOf(answering), log }),
    DescribeCluster: describeClusterHandler({ cluster, clusterId, listener, log }),
    InitProducerId: initProducerIdHandler({ producerIds: producerIdsOf(answering), log }),
    ...groupHandlers({
      coordinator: answering.groups,
      cluster,
      topicSize: answering.topicSize,
      listener,
      createOffsetsTopic: offsetsTopicOf(answering, answering),
      metrics,
      log,
    }),
  };
}

/** What tools ask, of the controller or of any broker. */
function adminHandlers({ config, cache, controller, requests, replicas, logs, ...rest }: Answering): PeerHandlers {
  const { brokerId, coordination, topicConfigs, environment } = rest;
  const { scheduler, random, logger } = environment;
  const isActive = () => controller.isActive;
  const topics = topicHandlers({
    brokerId,
    broker: config,
    coordination,
    cluster: cache,
    topicConfigs,
    isActive,
    scheduler,
    random,
    logger,
  });
  const ElectLeaders = electLeadersHandler({ controller, cluster: cache, scheduler, log: logger });
  const dirs = config.properties.logDirs;
  const local = {
    DeleteRecords: deleteRecordsHandler({ replicas, log: logger }),
    DescribeLogDirs: describeLogDirsHandler({ dirs, logs, fs: environment.fs, log: logger }),
  };
  const forwarding = { self: brokerId, cluster: cache, requests, isActive };
  return { ...topics, ...local, ...forwardedHandlers({ ...topics, ElectLeaders }, forwarding) };
}

/** undefined without `auto.create.topics.enable`. */
function autoCreateOf({ config, requests, cache, environment }: Answering) {
  const { autoCreateTopicsEnable, requestTimeoutMs } = config.properties;
  if (!autoCreateTopicsEnable) return undefined;
  const creation = new AutoTopicCreation({
    requests,
    cluster: cache,
    timeoutMs: requestTimeoutMs,
    log: environment.logger,
  });
  return (topics: readonly string[]) => creation.create(topics);
}

function producerIdsOf({ brokerId, coordination, config, environment }: Answering): ProducerIdManager {
  const { scheduler, logger } = environment;
  const { requestTimeoutMs: maxWaitMs } = config.properties;
  return new ProducerIdManager({ broker: brokerId, coordination, scheduler, maxWaitMs, log: logger });
}
