import type { ErrorName } from '@barnabas/model';
import { BATCH_HEADER_BYTES, recordCountOf } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { BrokerMetrics } from '../../metrics/broker-metrics.ts';
import type { Acks, ProduceResult, Replicas } from '../../replication/replicas.ts';
import { answered, type Failure } from '../answered.ts';
import { NO_RESULT, produceResponse } from './produce-response.ts';
import { acksOf, checkedBatch, type ProducedBatch, producedPartitions } from './produced-batch.ts';

export type ProduceHandlerOptions = {
  readonly replicas: Pick<Replicas, 'produce'>;
  readonly cluster: ClusterView;
  /** The listener whose addresses are answered to whoever came through none, where another broker leads. */
  readonly listener: string;
  readonly metrics: Pick<BrokerMetrics, 'bytesIn' | 'produceFailed'>;
  readonly log: Logger;
};

/** These say that a client was out of step or sent something wrong: no sign of a broker that is unwell. */
const EXPECTED: ReadonlySet<ErrorName> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_LEADER_EPOCH',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REQUIRED_ACKS',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'CORRUPT_MESSAGE',
  'OFFSET_OUT_OF_RANGE',
]);

/**
 * Produce, versions 0 to 11, of batches of magic 2 in each. Every partition has a result of its own. Answers acks=0 as well:
 * a door whose clients then expect no answer throws it away.
 */
export const produceHandler = (options: ProduceHandlerOptions): PeerHandler<'Produce'> =>
  answered(
    'Produce',
    options.log,
    async (request, { version, listener = options.listener }) => {
      const { cluster } = options;
      const acks = acksOf(request.acks);
      const checked = producedPartitions(request).map((each) => checkedBatch(each, cluster.image, acks, version));
      const results = await append(checked, acks, Math.max(0, request.timeoutMs), options);
      // The image may be another by now: who leads is said as of the answer.
      return produceResponse(request, results, cluster.image, listener, version);
    },
    (failure, request, { version, listener = options.listener }) => {
      const results = producedPartitions(request).map(
        (): ProduceResult => ({ kind: 'failed', ...failure, appended: true }),
      );
      return produceResponse(request, results, options.cluster.image, listener, version);
    },
  );

/** One result for each of `checked`, in its order. */
async function append(
  checked: readonly (ProducedBatch | Failure)[],
  acks: Acks | undefined,
  timeoutMs: number,
  { replicas, metrics }: ProduceHandlerOptions,
): Promise<ProduceResult[]> {
  const batches = checked.filter((each) => 'bytes' in each);
  const isAny = acks !== undefined && batches.length > 0;
  const appended = isAny ? await replicas.produce(batches, { acks, timeoutMs, origin: 'client' }) : [];
  const remaining = appended.values();
  return checked.map((each) => {
    if (!('bytes' in each)) return { kind: 'failed', ...each, appended: false };
    const result = remaining.next().value ?? NO_RESULT;
    count(each, result, metrics);
    return result;
  });
}

function count(
  { topic, bytes }: ProducedBatch,
  result: ProduceResult,
  metrics: ProduceHandlerOptions['metrics'],
): void {
  const hasHeader = bytes.length >= BATCH_HEADER_BYTES;
  if (hasHeader && (result.kind === 'appended' || result.appended)) {
    metrics.bytesIn(topic, bytes.length, recordCountOf(bytes));
  }
  if (result.kind === 'failed' && !EXPECTED.has(result.error)) metrics.produceFailed(topic);
}
