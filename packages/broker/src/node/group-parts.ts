import { createGroupShard } from '@barnabas/coordinator';
import { CODECS } from '@barnabas/protocol';
import { GroupCoordinator } from '../groups/group-coordinator.ts';
import type { OffsetsTopicSize } from '../groups/offsets-topic-size.ts';
import { offsetsTopicCreation } from '../requests/groups/offsets-topic-creation.ts';
import type { BrokerFoundation, BrokerParts } from './parts.ts';

const MINUTE_MS = 60_000;

/** The coordinator of the groups that this broker is to lead the partitions of. */
export function buildGroups(
  { config, environment }: BrokerFoundation,
  { replicas, cache: cluster }: Pick<BrokerParts, 'replicas' | 'cache'>,
  topicSize: OffsetsTopicSize,
): GroupCoordinator {
  const { properties } = config;
  const { clock, scheduler, random, metrics, logger: log } = environment;
  const limits = {
    minSessionTimeoutMs: properties.groupMinSessionTimeoutMs,
    maxSessionTimeoutMs: properties.groupMaxSessionTimeoutMs,
    maxSize: properties.groupMaxSize,
    initialRebalanceDelayMs: properties.groupInitialRebalanceDelayMs,
    offsetMetadataMaxBytes: properties.offsetMetadataMaxBytes,
    offsetsRetentionMs: properties.offsetsRetentionMinutes * MINUTE_MS,
    retentionCheckIntervalMs: properties.offsetsRetentionCheckIntervalMs,
  };
  return new GroupCoordinator({
    replicas,
    cluster,
    topicSize,
    createShard: () => createGroupShard({ limits, random, log }),
    clock,
    scheduler,
    loadBufferBytes: properties.offsetsLoadBufferSize,
    commitTimeoutMs: properties.offsetsCommitTimeoutMs,
    codec: CODECS[properties.offsetsTopicCompressionCodec] ?? 'none',
    metrics,
    log,
  });
}

/** What has the offsets topic created once somebody looks for a coordinator. */
export function offsetsTopicOf(
  { config: { properties }, environment }: BrokerFoundation,
  { requests, cache: cluster }: Pick<BrokerParts, 'requests' | 'cache'>,
): () => void {
  return offsetsTopicCreation({
    requests,
    cluster,
    timeoutMs: properties.requestTimeoutMs,
    partitions: properties.offsetsTopicNumPartitions,
    replicationFactor: properties.offsetsTopicReplicationFactor,
    segmentBytes: properties.offsetsTopicSegmentBytes,
    log: environment.logger,
  });
}
