import type { Clock, ErrorName, Scheduler } from '@barnabas/model';
import type { PeerContext, PeerHandler } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { BrokerMetrics } from '../../metrics/broker-metrics.ts';
import type { FetchableReplicas } from '../../replication/replicas.ts';
import type { TopicConfigSource } from '../../topics/topic-config-source.ts';
import { type Answer, answered } from '../answered.ts';
import { type AskedFetch, type AskedPartition, askedFetch } from './asked-fetch.ts';
import { fetchResponse, refusedFetch } from './fetch-response.ts';
import { type AnsweredPartition, failedAnswer, recordBytesOf } from './partition-answer.ts';
import { partitionReader } from './partition-reader.ts';
import { type FetchSessions, NO_SESSION_ID } from './session/fetch-sessions.ts';
import { fetchInSession } from './session/session-fetch.ts';
import { type TopicNames, topicNames } from './topic-names.ts';

export type FetchHandlerOptions = {
  readonly replicas: Pick<FetchableReplicas, 'fetch' | 'topicNameOf'>;
  readonly cluster: ClusterView;
  /** Of the broker, for all its doors. */
  readonly sessions: FetchSessions;
  /** The listener whose addresses are answered to whoever came through none, where another broker leads. */
  readonly listener: string;
  readonly topicConfigs: Pick<TopicConfigSource, 'configOf'>;
  /** `fetch.max.bytes`: of one answer, whatever is asked for. */
  readonly maxBytes: number;
  readonly clock: Pick<Clock, 'steadyMs'>;
  readonly scheduler: Pick<Scheduler, 'after'>;
  readonly metrics: Pick<BrokerMetrics, 'bytesOut' | 'replicationBytesOut' | 'fetchFailed'>;
  readonly log: Logger;
};

/** Earlier ones want batches of older formats than there are here; Kafka answers so where it does not convert any. */
const FIRST_WITH_BATCHES = 4;
/** Earlier ones cannot read zstd; Kafka goes by the topic's `compression.type` alone (KIP-110). */
const FIRST_WITH_ZSTD = 10;
/** An error of the whole request has a place of its own. */
const FIRST_WITH_ERROR = 7;

/** The others say that the asker is out of step: no sign of a broker that is unwell. */
const UNEXPECTED: ReadonlySet<ErrorName> = new Set(['UNKNOWN_SERVER_ERROR', 'KAFKA_STORAGE_ERROR', 'CORRUPT_MESSAGE']);

type Found = { readonly sessionId: number; readonly partitions: readonly AnsweredPartition[] };

/** Fetch, versions 0 to 17, of followers and of consumers, within sessions (KIP-227) and without. */
export const fetchHandler = (options: FetchHandlerOptions): PeerHandler<'Fetch'> => {
  const { replicas, sessions, cluster, topicConfigs, maxBytes } = options;
  const nameOf = topicNames(cluster, replicas);
  const read = partitionReader(replicas, nameOf);

  const find = async (asked: AskedFetch, signal: AbortSignal): Promise<Found | ErrorName> => {
    const opened = sessions.open(asked);
    switch (opened.kind) {
      case 'refused':
        return opened.error;
      case 'incremental': {
        const { session } = opened;
        const partitions = await fetchInSession(session, asked, { ...options, read, signal });
        return { sessionId: session.id, partitions };
      }
      case 'full': {
        const partitions = await read(asked, asked.partitions, { maxWaitMs: asked.maxWaitMs, signal });
        return { sessionId: opened.keeps ? sessions.keep(asked, partitions) : NO_SESSION_ID, partitions };
      }
    }
  };

  const isUnreadable = (asked: AskedPartition, version: number): boolean => {
    const topic = version < FIRST_WITH_ZSTD ? nameOf(asked) : undefined;
    return topic !== undefined && topicConfigs.configOf(topic).compressionType === 'zstd';
  };

  const respond = (
    { sessionId, partitions }: Found,
    { version, listener = options.listener }: PeerContext,
  ): Answer<'Fetch'> => fetchResponse(version, sessionId, partitions, { image: cluster.image, nameOf, listener });

  return answered(
    'Fetch',
    options.log,
    async (request, context) => {
      const { version, signal } = context;
      const asked = askedFetch(request, version, maxBytes);
      if (version < FIRST_WITH_BATCHES) return respond(failedFetch(asked, 'UNSUPPORTED_VERSION'), context);
      if (asksAsStranger(asked, context)) return respond(failedFetch(asked, 'TOPIC_AUTHORIZATION_FAILED'), context);
      const found = await find(asked, signal);
      if (typeof found === 'string') return refusedFetch(found);
      for (const partition of found.partitions) count(asked, partition, nameOf, options.metrics);
      return respond(
        readable(found, (partition) => isUnreadable(partition, version)),
        context,
      );
    },
    ({ error }, request, context) => {
      const { version } = context;
      if (version >= FIRST_WITH_ERROR) return refusedFetch(error);
      return respond(failedFetch(askedFetch(request, version, maxBytes), error), context);
    },
  );
};

/**
 * A client that says it is a follower. What a follower asks for next counts as its acknowledgement (rule 2): only brokers,
 * through the listener of their own, are believed.
 */
const asksAsStranger = ({ replica }: AskedFetch, { listener }: PeerContext): boolean =>
  replica !== undefined && listener !== undefined;

const readable = ({ sessionId, partitions }: Found, isUnreadable: (asked: AskedPartition) => boolean): Found => ({
  sessionId,
  partitions: partitions.map((partition) =>
    isUnreadable(partition.asked) ? { ...partition, answer: failedAnswer('UNSUPPORTED_COMPRESSION_TYPE') } : partition,
  ),
});

const failedFetch = ({ partitions }: AskedFetch, error: ErrorName): Found => ({
  sessionId: NO_SESSION_ID,
  partitions: partitions.map((asked) => ({ asked, answer: failedAnswer(error) })),
});

const count = (
  { replica }: AskedFetch,
  { asked, answer }: AnsweredPartition,
  nameOf: TopicNames,
  metrics: FetchHandlerOptions['metrics'],
): void => {
  const bytes = recordBytesOf(answer);
  if (replica !== undefined) {
    if (bytes > 0) metrics.replicationBytesOut(bytes);
    return;
  }
  const topic = nameOf(asked);
  if (topic === undefined) return;
  if (bytes > 0) metrics.bytesOut(topic, bytes);
  if (answer.error !== undefined && UNEXPECTED.has(answer.error)) metrics.fetchFailed(topic);
};
