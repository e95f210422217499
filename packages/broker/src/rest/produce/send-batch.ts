import { type ErrorName, KafkaError, NO_PRODUCER_ID } from '@barnabas/model';
import { buildBatch, type RecordInput } from '@barnabas/protocol';
import { PeerError } from '@barnabas/transport';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { Acks } from '../../replication/replicas.ts';
import { errorIn, isOutOfStep, leaderNow } from '../asking/ask-leader.ts';
import type { Patience } from '../asking/patience.ts';
import { type Attempt, again, done, untilDone } from '../asking/until-done.ts';
import type { Door } from '../door/door.ts';
import { kafkaErrorOf } from '../http/rest-error.ts';
import type { ProducerSequence } from './produce-spec.ts';

export type BatchToSend = {
  readonly topic: ClusterTopic;
  readonly partition: number;
  readonly records: readonly RecordInput[];
  readonly acks: Acks;
  readonly producer: ProducerSequence | undefined;
  readonly expectedOffset: number | undefined;
};

export type SentBatch = {
  /** -1 where it is not known. */
  readonly baseOffset: number;
  /** Where the topic stamps the time of append, and of a batch that was there before. */
  readonly logAppendTimeMs: number | undefined;
};

const PRODUCE_VERSION = 11;
/** The leader's own word on the time that it had is worth waiting for. */
const GRACE_MS = 1_000;

/**
 * Appends one batch at the leader of its partition. It is sent again only where it certainly was not appended (rule 7).
 *
 * @throws KafkaError what the leader says, or what is known of a leader that says nothing; see `mayBeAppended`
 */
export async function sendBatch(door: Door, batch: BatchToSend, patience: Patience): Promise<SentBatch> {
  const { topic, partition, records, producer } = batch;
  const bytes = buildBatch({
    records,
    producerId: producer?.id ?? NO_PRODUCER_ID,
    producerEpoch: producer?.epoch ?? -1,
    baseSequence: producer?.sequence ?? -1,
  });
  const expectedOffset = BigInt(batch.expectedOffset ?? -1);
  return await untilDone(door, patience, async (remainingMs) => {
    const led = leaderNow(door, topic, partition);
    if ('kind' in led) return led;
    const timeoutMs = Math.ceil(remainingMs);
    const request = {
      acks: batch.acks,
      timeoutMs,
      topicData: [{ name: topic.name, partitionData: [{ index: partition, records: bytes, expectedOffset }] }],
    };
    try {
      const options = { deadlineMs: timeoutMs + GRACE_MS };
      const response = await door.requests.ask(led.leader, 'Produce', PRODUCE_VERSION, request, options);
      const answer = response.responses[0]?.partitionResponses[0];
      if (answer === undefined)
        throw new KafkaError('UNKNOWN_SERVER_ERROR', 'the leader left the partition out of its answer');
      const error = errorIn(answer.errorCode, answer.errorMessage);
      if (error !== undefined) return againIfNotAppended(error);
      const { baseOffset, logAppendTimeMs } = answer;
      const appendTimeMs = logAppendTimeMs < 0n ? undefined : Number(logAppendTimeMs);
      return done({ baseOffset: Number(baseOffset), logAppendTimeMs: appendTimeMs });
    } catch (thrown) {
      if (thrown instanceof PeerError) return againIfNotAppended(kafkaErrorOf(thrown));
      throw thrown;
    }
  });
}

const againIfNotAppended = (error: KafkaError): Attempt<never> => {
  if (isOutOfStep(error)) return again(error);
  throw error;
};

/** Failures of which it is not known whether the batch is in the log, or will be. */
const UNKNOWN_OUTCOMES: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'UNKNOWN_SERVER_ERROR',
]);

export const mayBeAppended = (error: ErrorName): boolean => UNKNOWN_OUTCOMES.has(error);
