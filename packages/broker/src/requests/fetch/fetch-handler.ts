import type { Clock, ErrorName, Scheduler } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { BrokerMetrics } from '../../metrics/broker-metrics.ts';
import type { FetchableReplicas } from '../../replication/replicas.ts';
import { type Answer, answered } from '../answered.ts';
import { type AskedFetch, askedFetch } from './asked-fetch.ts';
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
  /** The name of the listener through which askers are told where another leader is. */
  readonly listener: string;
  /** `fetch.max.bytes`: of one answer, whatever is asked for. */
  readonly maxBytes: number;
  readonly clock: Pick<Clock, 'steadyMs'>;
  readonly scheduler: Pick<Scheduler, 'after'>;
  readonly metrics: Pick<BrokerMetrics, 'bytesOut' | 'replicationBytesOut' | 'fetchFailed'>;
  readonly log: Logger;
};

/** Earlier ones want batches of older formats than there are here; Kafka answers so where it does not convert any. */
const FIRST_WITH_BATCHES = 4;
/** An error of the whole request has a place of its own. */
const FIRST_WITH_ERROR = 7;

/** The others say that the asker is out of step: no sign of a broker that is unwell. */
const UNEXPECTED: ReadonlySet<ErrorName> = new Set(['UNKNOWN_SERVER_ERROR', 'KAFKA_STORAGE_ERROR', 'CORRUPT_MESSAGE']);

type Found = { readonly sessionId: number; readonly partitions: readonly AnsweredPartition[] };

/** Fetch, versions 0 to 17, of followers and of consumers, within sessions (KIP-227) and without. */
export const fetchHandler = (options: FetchHandlerOptions): PeerHandler<'Fetch'> => {
  const { replicas, sessions, cluster, listener, maxBytes } = options;
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

  const respond = (version: number, { sessionId, partitions }: Found): Answer<'Fetch'> =>
    fetchResponse(version, sessionId, partitions, { image: cluster.image, nameOf, listener });

  return answered(
    'Fetch',
    options.log,
    async (request, { version, signal }) => {
      const asked = askedFetch(request, version, maxBytes);
      if (version < FIRST_WITH_BATCHES) return respond(version, failedFetch(asked, 'UNSUPPORTED_VERSION'));
      const found = await find(asked, signal);
      if (typeof found === 'string') return refusedFetch(found);
      for (const partition of found.partitions) count(asked, partition, nameOf, options.metrics);
      return respond(version, found);
    },
    ({ error }, request, { version }) => {
      if (version >= FIRST_WITH_ERROR) return refusedFetch(error);
      return respond(version, failedFetch(askedFetch(request, version, maxBytes), error));
    },
  );
};

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
