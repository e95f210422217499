import { ERRORS, type ErrorName, KafkaError } from '@barnabas/model';
import { type MetadataRequest, ZERO_UUID } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import type { ClusterImage, ClusterTopic, ClusterView } from '../../cluster/cluster-image.ts';
import { isInternalTopic } from '../../cluster/internal-topics.ts';
import { liveEndpoints } from '../../cluster/live-endpoints.ts';
import type { Logger } from '../../logger.ts';
import { problemOfTopicName } from '../../topics/topic-name.ts';
import { topicIdFromWire, topicIdToWire } from '../../wire/topic-id.ts';
import { type Answer, answered } from '../answered.ts';
import { ALL_CLUSTER_OPERATIONS, ALL_TOPIC_OPERATIONS } from '../authorized-operations.ts';
import { NO_BROKER, nodeEndpoints } from '../node-endpoints.ts';
import { type MetadataTopic, metadataPartition, type Seen } from './metadata-partition.ts';

export type MetadataHandlerOptions = {
  readonly cluster: ClusterView;
  readonly clusterId: string;
  /** The listener whose addresses are answered to whoever came through none. */
  readonly listener: string;
  /** Has topics created that are asked for and not there; undefined without `auto.create.topics.enable`. Must not throw. */
  readonly autoCreate: ((topics: readonly string[]) => void) | undefined;
  readonly log: Logger;
};

/** A topic that was asked for, by the one or by the other. */
type Asked = { readonly name: string } | { readonly topicId: string };

const BY_ID_FROM = 12;
const UNKNOWN_TOPIC = ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code;

/**
 * Metadata, versions 0 to 12, from the image alone. A topic that is being created on the way is not there yet: it is
 * answered as unknown, which clients take as "ask again".
 */
export const metadataHandler = (options: MetadataHandlerOptions): PeerHandler<'Metadata'> =>
  answered(
    'Metadata',
    options.log,
    (request, { version, listener = options.listener }) => {
      const { image } = options.cluster;
      const seen = { image, endpoints: liveEndpoints(image, listener), version };
      const topics = askedTopics(request, image, version).map((asked) => topicAnswer(asked, seen));
      createMissing(topics, request, options);
      return response({ ...options, listener }, image, request, topics);
    },
    ({ error }, request, { listener = options.listener }) =>
      response({ ...options, listener }, options.cluster.image, request, failedTopics(request, error)),
  );

/** In the order asked, each once. @throws KafkaError INVALID_REQUEST */
function askedTopics({ topics }: MetadataRequest, image: ClusterImage, version: number): Asked[] {
  if (topics === null || (version === 0 && topics.length === 0)) {
    return [...image.topics.keys()].map((name) => ({ name }));
  }
  const asked = new Map<string, Asked>();
  for (const { name, topicId: idOnWire } of topics) {
    const topicId = topicIdFromWire(idOnWire);
    if (version < BY_ID_FROM && topicId !== undefined) {
      throw new KafkaError('INVALID_REQUEST', `topics are asked for by id from version ${BY_ID_FROM} on`);
    }
    if (topicId !== undefined) asked.set(`id ${topicId}`, { topicId });
    else if (name !== null) asked.set(`name ${name}`, { name });
    else throw new KafkaError('INVALID_REQUEST', 'a topic has neither name nor id');
  }
  return [...asked.values()];
}

function topicAnswer(asked: Asked, seen: Seen): MetadataTopic {
  const { image } = seen;
  const name = 'name' in asked ? asked.name : image.topicNames.get(asked.topicId);
  const topic = name === undefined ? undefined : image.topics.get(name);
  if (topic !== undefined) return knownTopic(topic, seen);
  if ('topicId' in asked) return { ...failedTopic('UNKNOWN_TOPIC_ID', null), topicId: asked.topicId };
  const isName = problemOfTopicName(asked.name) === undefined;
  const error = isName ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION';
  return failedTopic(error, asked.name);
}

const knownTopic = ({ name, topicId, partitions }: ClusterTopic, seen: Seen): MetadataTopic => ({
  errorCode: ERRORS.NONE.code,
  name,
  topicId: topicIdToWire(topicId),
  isInternal: isInternalTopic(name),
  partitions: [...partitions].map(([index, partition]) => metadataPartition(seen, index, partition)),
});

const failedTopic = (error: ErrorName, name: string | null): MetadataTopic => ({
  errorCode: ERRORS[error].code,
  name,
  topicId: ZERO_UUID,
  isInternal: name !== null && isInternalTopic(name),
  partitions: [],
});

/** Until version 11 a name cannot be null in an answer. */
const failedTopics = ({ topics }: MetadataRequest, error: ErrorName): MetadataTopic[] =>
  (topics ?? []).map(({ name, topicId }) => ({ ...failedTopic(error, name ?? ''), topicId }));

/** Internal topics are made by the brokers that need them, with a configuration of their own. */
function createMissing(
  topics: readonly MetadataTopic[],
  { allowAutoTopicCreation }: MetadataRequest,
  { autoCreate }: MetadataHandlerOptions,
): void {
  if (!allowAutoTopicCreation || autoCreate === undefined) return;
  const missing = topics.flatMap(({ name, errorCode }) =>
    name !== null && !isInternalTopic(name) && errorCode === UNKNOWN_TOPIC ? [name] : [],
  );
  if (missing.length > 0) autoCreate(missing);
}

const response = (
  { clusterId, listener }: MetadataHandlerOptions,
  image: ClusterImage,
  { includeClusterAuthorizedOperations, includeTopicAuthorizedOperations }: MetadataRequest,
  topics: readonly MetadataTopic[],
): Answer<'Metadata'> => ({
  throttleTimeMs: 0,
  brokers: nodeEndpoints(image, listener),
  clusterId,
  controllerId: image.controllerId ?? NO_BROKER,
  topics: includeTopicAuthorizedOperations
    ? topics.map((topic) => ({ ...topic, topicAuthorizedOperations: ALL_TOPIC_OPERATIONS }))
    : topics,
  ...(includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: ALL_CLUSTER_OPERATIONS } : {}),
});
