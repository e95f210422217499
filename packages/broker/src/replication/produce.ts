import { type ErrorName, formatTopicPartition, KafkaError, offset } from '@barnabas/model';
import type { Appended } from '@barnabas/storage';
import type { Logger } from '../logger.ts';
import type { Partition } from './partition/partition.ts';
import type { AskedPartition, BatchToProduce, ProduceOptions, ProduceResult } from './replicas.ts';
import { AppendWait } from './waits/append-wait.ts';
import type { ProduceRequest } from './waits/produce-request.ts';

const ACKS: ReadonlySet<number> = new Set([-1, 0, 1]);

/** A batch of a request, and where in the request it is. */
export type BatchToAppend = {
  readonly batch: BatchToProduce;
  readonly place: number;
  readonly partition: Partition | ErrorName;
};

/** Appends it, and lets the request wait for as many replicas as it asks for. Decides at once; nothing is awaited. */
export function appendBatch(
  { batch, place, partition }: BatchToAppend,
  options: ProduceOptions,
  request: ProduceRequest,
  logger: Logger,
): void {
  if (!ACKS.has(options.acks)) {
    request.settle(place, failed('INVALID_REQUIRED_ACKS', `acks are -1, 0 or 1, not ${options.acks}`));
    return;
  }
  if (typeof partition === 'string') {
    request.settle(place, failed(partition, `this broker has no replica of ${nameOf(batch)} that it could append to`));
    return;
  }
  try {
    const appended = partition.append(batch.bytes, options, batch.expectedOffset);
    settleOrPark(partition, appended, options.acks, request, place);
  } catch (error) {
    request.settle(place, failureOf(error, batch, logger));
  }
}

/** A batch that was sent before waits for what the first one waits for. */
const settleOrPark = (
  partition: Partition,
  appended: Appended,
  acks: ProduceOptions['acks'],
  request: ProduceRequest,
  place: number,
): void => {
  const end = offset(appended.lastOffset + 1);
  const result = resultOf(partition, appended);
  if (partition.isSafe(end, acks)) request.settle(place, result);
  else {
    const wait = new AppendWait(request, place, end, result, partition);
    request.park(wait);
    partition.park(wait, acks);
  }
};

/** What is no KafkaError is a fault of ours: whether the batch is in the log nobody can tell then. */
const failureOf = (error: unknown, batch: AskedPartition, logger: Logger): ProduceResult => {
  if (error instanceof KafkaError) return failed(error.error, error.message);
  logger.error({ err: error, partition: nameOf(batch) }, 'an append failed unexpectedly');
  const message = 'the broker failed unexpectedly; its log says how';
  return { kind: 'failed', error: 'UNKNOWN_SERVER_ERROR', message, appended: true };
};

const nameOf = ({ topic, partition }: AskedPartition): string => formatTopicPartition({ topic, partition });

/** Of a batch that was there before its time is told whatever the topic does, as Kafka does. */
const resultOf = ({ log }: Partition, { firstOffset, appendTimeMs, duplicate }: Appended): ProduceResult => ({
  kind: 'appended',
  baseOffset: firstOffset,
  logAppendTimeMs: duplicate || log?.config.messageTimestampType === 'LogAppendTime' ? appendTimeMs : undefined,
  logStartOffset: log?.startOffset ?? offset(0),
});

const failed = (error: ErrorName, message: string): ProduceResult => ({
  kind: 'failed',
  error,
  message,
  appended: false,
});
